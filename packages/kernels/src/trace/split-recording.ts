import { roundsToBfloat16 } from './bfloat16-products.js';
import type { GraphNode } from './graph-def.js';
import type { Recording } from './record.js';

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

/** What an operation's output looks like from outside the part that has it. */
const placeholder = (name: string, dtype: number): GraphNode => ({
  name,
  op: 'Placeholder',
  inputs: [],
  attributes: [{ name: 'dtype', type: 4, value: dtype }],
});

/**
 * Cuts a recording where some of its inputs come in.
 *
 * @param isLate whether an input, by its index, is known only after `early` has run
 * @param earlyOutputs how many of the recording's outputs, the first ones, are needed before
 */
export function splitRecording(
  recording: Recording,
  isLate: (input: number) => boolean,
  earlyOutputs: number,
): SplitRecording {
  const { types } = recording;
  const dtypeOf = (output: string): number => {
    const [node, index = '0'] = output.split(':');
    return types.get(node)?.[Number(index)] as number;
  };
  const indexOf = new Map(recording.inputs.map((name, index) => [name, index]));
  const late = new Set(recording.inputs.filter((_, index) => isLate(index)));
  // Nodes stand after those that they read.
  for (const { name, inputs } of recording.nodes)
    if (inputs.some((input) => late.has(nodeOf(input)))) late.add(name);

  const wantedLate = recording.outputs.slice(earlyOutputs);
  // A gradient that does not depend on the late inputs would be an output of the early part; let the late one copy it.
  const isLateNode = ({ name, op }: GraphNode): boolean =>
    op !== 'Placeholder' && (late.has(name) || wantedLate.some((output) => nodeOf(output) === name));
  const readLate = new Set(recording.nodes.filter(isLateNode).flatMap(({ inputs }) => inputs.map(nodeOf)));
  // Constants stand in both parts: TensorFlow folds what it knows, and knows nothing of arguments.
  const standsInBoth = (node: GraphNode): boolean => node.op === 'Const' || roundsToBfloat16(node);
  const lateNodes = recording.nodes.filter(
    (node) => isLateNode(node) || (standsInBoth(node) && readLate.has(node.name)),
  );
  const inLate = new Set(lateNodes.map(({ name }) => name));
  const cut: string[] = [];
  const alias = new Map<string, string>();
  const read = new Set<string>();
  for (const { inputs } of lateNodes) {
    for (const input of inputs) {
      const node = nodeOf(input);
      if (indexOf.has(node)) read.add(node);
      else if (!inLate.has(node) && !alias.has(input)) {
        alias.set(input, `r${cut.length}`);
        cut.push(input);
      }
    }
  }
  const placeholders = new Map(
    recording.nodes.filter(({ op }) => op === 'Placeholder').map((n) => [n.name, n]),
  );
  const lateInputs = recording.inputs.flatMap((name, index) => (read.has(name) ? [index] : []));
  const lateNames = lateInputs.map((index) => recording.inputs[index]);

  const earlyNodes = recording.nodes.filter(
    (node) =>
      node.op !== 'Placeholder' && (!inLate.has(node.name) || (standsInBoth(node) && !isLateNode(node))),
  );
  const readEarly = new Set(earlyNodes.flatMap(({ inputs }) => inputs.map(nodeOf)));
  const earlyInputs = recording.inputs.flatMap((name, index) => (readEarly.has(name) ? [index] : []));
  const earlyNames = earlyInputs.map((index) => recording.inputs[index]);
  const given = (names: readonly string[]) => names.map((name) => placeholders.get(name) as GraphNode);
  const full = (output: string): string => (output.includes(':') ? output : `${output}:0`);
  // A function's outputs must be nodes of their own.
  const residuals = cut.map(
    (output, i): GraphNode => ({
      name: `r${i}`,
      op: 'Identity',
      inputs: [output],
      attributes: [{ name: 'T', type: 4, value: dtypeOf(output) }],
    }),
  );
  return {
    early: {
      nodes: [...given(earlyNames), ...earlyNodes, ...residuals],
      inputs: earlyNames,
      outputs: [...recording.outputs.slice(0, earlyOutputs), ...cut.map((_, i) => `r${i}:0`)].map(full),
      types,
    },
    late: {
      nodes: [
        ...given(lateNames),
        ...cut.map((output, i) => placeholder(`r${i}`, dtypeOf(output))),
        ...lateNodes.map((node) => ({
          ...node,
          inputs: node.inputs.map((input) => alias.get(input) ?? input),
        })),
      ],
      inputs: [...lateNames, ...cut.map((_, i) => `r${i}`)],
      outputs: wantedLate,
      types,
    },
    earlyInputs,
    lateInputs,
  };
}
