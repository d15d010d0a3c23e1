import { BFLOAT16, roundsToBfloat16 } from './bfloat16-products.js';
import type { GraphNode } from './graph-def.js';
import { type CutNode, minimumCut } from './minimum-cut.js';
import { needed, type Recording } from './record.js';

/** A recording in two parts, between which its late inputs become known. */
export interface SplitRecording {
  /** Needs none of the late inputs. Its outputs: the early ones asked for, then what `late` reads of it. */
  readonly early: Recording;
  /** Its inputs: the recording's that it reads, the late ones, then what it reads of `early`. */
  readonly late: Recording;
  /** Indices of the recording's inputs that each part takes, in order. */
  readonly earlyInputs: readonly number[];
  readonly lateInputs: readonly number[];
}

const nodeOf = (output: string): string => output.split(':')[0];

/** Element by element, or in another order or shape: doing it again costs less than keeping what it gave. */
const CHEAP = new Set([
  ...['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Neg', 'Square', 'Sqrt', 'Rsqrt', 'Sigmoid'],
  ...['Reshape', 'Transpose', 'Cast', 'Identity', 'MidtrainSwiGlu', 'MidtrainRmsNorm', 'MidtrainRotary'],
]);

/** Constants stand in both parts: TensorFlow folds what it knows, and knows nothing of arguments. */
const alwaysAgain = (node: GraphNode): boolean => node.op === 'Const' || roundsToBfloat16(node);

/** What an operation's output looks like from outside the part that has it. */
const placeholder = (name: string, dtype: number): GraphNode => ({
  name,
  op: 'Placeholder',
  inputs: [],
  attributes: [{ name: 'dtype', type: 4, value: dtype }],
});

/**
 * What the late part computes again of the early one, and which outputs of the early one it must be given: the fewest bytes
 * from which all else that it reads follows cheaply.
 */
function cutBefore(late: readonly GraphNode[], { nodes, types, sizes }: Recording) {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const inLate = new Set(late.map(({ name }) => name));
  const outputs: string[] = [];
  const indices = new Map<string, number>();
  const indexOf = (output: string): number => {
    const index = indices.get(output) ?? outputs.length;
    if (index === outputs.length) {
      indices.set(output, index);
      outputs.push(output);
    }
    return index;
  };
  const wanted = late
    .flatMap(({ inputs }) => inputs.filter((input) => !inLate.has(nodeOf(input))))
    .map(indexOf);
  const cutNodes: CutNode[] = [];
  for (let i = 0; i < outputs.length; i++) {
    const [name, at = '0'] = outputs[i].split(':');
    const node = byName.get(name) as GraphNode;
    const free = node.op === 'Placeholder' || alwaysAgain(node);
    // What is in bfloat16 cannot leave a graph.
    const leaves = types.get(name)?.[Number(at)] !== BFLOAT16;
    cutNodes.push({
      price: leaves ? (sizes.get(name)?.[Number(at)] ?? 1) : Number.POSITIVE_INFINITY,
      source: !free && !CHEAP.has(node.op),
      from: free || CHEAP.has(node.op) ? node.inputs.map(indexOf) : [],
    });
  }
  const kept = minimumCut(cutNodes, [...new Set(wanted)]);
  const again = new Set<string>();
  const waiting = [...wanted];
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    const name = nodeOf(outputs[i]);
    if (kept.includes(i) || again.has(name) || byName.get(name)?.op === 'Placeholder') continue;
    again.add(name);
    waiting.push(...cutNodes[i].from);
  }
  return { again, kept: kept.map((i) => outputs[i]) };
}

/**
 * Cuts a recording where some of its inputs come in. What follows cheaply from other things that the late part is given is
 * computed there again where that keeps fewer bytes.
 *
 * @param isLate whether an input, by its index, is known only after `early` has run
 * @param earlyOutputs how many of the recording's outputs, the first ones, are needed before
 */
export function splitRecording(
  recording: Recording,
  isLate: (input: number) => boolean,
  earlyOutputs: number,
): SplitRecording {
  const { nodes, types, sizes } = recording;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const dtypeOf = (output: string): number => {
    const [node, index = '0'] = output.split(':');
    return types.get(node)?.[Number(index)] as number;
  };
  const late = new Set(recording.inputs.filter((_, index) => isLate(index)));
  // Nodes stand after those that they read.
  for (const { name, inputs } of nodes) if (inputs.some((input) => late.has(nodeOf(input)))) late.add(name);

  const wantedLate = recording.outputs.slice(earlyOutputs);
  // A gradient that does not depend on the late inputs would be an output of the early part; let the late one copy it.
  const wanted = new Set(wantedLate.map(nodeOf));
  const isLateNode = ({ name, op }: GraphNode): boolean =>
    op !== 'Placeholder' && (late.has(name) || wanted.has(name));
  const { again, kept: cut } = cutBefore(nodes.filter(isLateNode), recording);
  const lateNodes = nodes.filter((node) => isLateNode(node) || again.has(node.name));
  const kept = new Map(cut.map((output, i) => [output, `r${i}`]));
  // A function's outputs must be nodes of their own.
  const residuals = [...kept].map(
    ([output, name]): GraphNode => ({
      name,
      op: 'Identity',
      inputs: [output],
      attributes: [{ name: 'T', type: 4, value: dtypeOf(output) }],
    }),
  );

  const outputsEarly = recording.outputs.slice(0, earlyOutputs);
  const full = (output: string): string => (output.includes(':') ? output : `${output}:0`);
  const earlyNodes = needed(
    [...nodes.filter((node) => !isLateNode(node)), ...residuals],
    [...outputsEarly, ...kept.values()],
  );
  const inputsOf = (part: readonly GraphNode[]) => {
    const read = new Set(part.flatMap(({ inputs }) => inputs.map(nodeOf)));
    const indices = recording.inputs.flatMap((name, index) => (read.has(name) ? [index] : []));
    const names = indices.map((index) => recording.inputs[index]);
    return { indices, names, placeholders: names.map((name) => byName.get(name) as GraphNode) };
  };
  const [forEarly, forLate] = [inputsOf(earlyNodes), inputsOf(lateNodes)];
  return {
    early: {
      nodes: [...forEarly.placeholders, ...earlyNodes.filter(({ op }) => op !== 'Placeholder')],
      inputs: forEarly.names,
      outputs: [...outputsEarly, ...kept.values()].map(full),
      types,
      sizes,
    },
    late: {
      nodes: [
        ...forLate.placeholders,
        ...[...kept].map(([output, name]) => placeholder(name, dtypeOf(output))),
        ...lateNodes.map((node) => ({
          ...node,
          inputs: node.inputs.map((input) => kept.get(input) ?? input),
        })),
      ],
      inputs: [...forLate.names, ...kept.values()],
      outputs: wantedLate,
      types,
      sizes,
    },
    earlyInputs: forEarly.indices,
    lateInputs: forLate.indices,
  };
}
