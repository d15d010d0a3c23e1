import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphNode } from './graph-def.js';
import type { Recording } from './record.js';
import { splitRecording } from './split-recording.js';

/** Computes a recording of Add, Mul, Maximum, Const and Identity on numbers. */
function evaluate({ nodes, inputs, outputs }: Recording, given: readonly number[]): number[] {
  const values = new Map(inputs.map((name, i) => [name, given[i]]));
  for (const { name, op, inputs: read, value } of nodes) {
    if (op === 'Placeholder') continue;
    const [a, b] = read.map((output) => values.get(output.split(':')[0]) as number);
    const computed = { Add: a + b, Mul: a * b, Maximum: Math.max(a, b), Identity: a, Const: value?.bytes[0] }[
      op
    ] as number;
    expect(Number.isFinite(computed), `${name} reads what is there before it`).toBe(true);
    values.set(name, computed);
  }
  return outputs.map((output) => values.get(output.split(':')[0]) as number);
}

const node = (name: string, op: string, inputs: readonly string[], constant?: number): GraphNode => ({
  name,
  op,
  inputs,
  attributes: [],
  ...(constant === undefined ? {} : { value: { dtype: 1, shape: [], bytes: Uint8Array.of(constant) } }),
});

/** Random graphs of three inputs, of which the last is late, and three outputs, of which the first is early. */
const recordings = fc
  .array(fc.tuple(fc.constantFrom('Add', 'Mul', 'Maximum', 'Const'), fc.nat(), fc.nat()), {
    minLength: 3,
    maxLength: 20,
  })
  .map((steps): Recording => {
    const nodes = ['i0', 'i1', 'i2'].map((name) => node(name, 'Placeholder', []));
    const late = new Set(['i2']);
    steps.forEach(([op, a, b], i) => {
      const read = [nodes[a % nodes.length].name, nodes[b % nodes.length].name];
      nodes.push(op === 'Const' ? node(`n${i}`, op, [], (a % 5) + 1) : node(`n${i}`, op, read));
      if (op !== 'Const' && read.some((name) => late.has(name))) late.add(`n${i}`);
    });
    const early = nodes.filter(({ name }) => !late.has(name));
    const wanted = [early.at(-1), nodes.at(-1), nodes.at(-2)].map((found) => found?.name as string);
    wanted.forEach((name, i) => {
      nodes.push(node(`o${i}`, 'Identity', [name]));
    });
    const types = new Map(nodes.map(({ name }) => [name, [1]]));
    return { nodes, inputs: ['i0', 'i1', 'i2'], outputs: ['o0:0', 'o1:0', 'o2:0'], types, sizes: new Map() };
  });

describe('splitRecording', () => {
  it('computes in two parts what the whole computes, over random graphs', () => {
    fc.assert(
      fc.property(recordings, (recording) => {
        const given = [3, 5, 7];
        const expected = evaluate(recording, given);
        const { early, late, earlyInputs, lateInputs } = splitRecording(recording, (i) => i === 2, 1);
        expect(earlyInputs).not.toContain(2);
        const first = evaluate(
          early,
          earlyInputs.map((i) => given[i]),
        );
        const second = evaluate(late, [...lateInputs.map((i) => given[i]), ...first.slice(1)]);
        expect([first[0], ...second]).toEqual(expected);
      }),
    );
  });

  it('keeps what is costly, and computes again what follows cheaply from that', () => {
    // The gate of a feed-forward layer: two products, and a gradient that reads all that lies between them and the end.
    const inputs = ['x', 'w', 'u', 'd'];
    const recording: Recording = {
      nodes: [
        ...inputs.map((name) => node(name, 'Placeholder', [])),
        node('normed', 'Mul', ['x', 'x']),
        node('gate', 'MatMul', ['normed', 'w']),
        node('up', 'MatMul', ['normed', 'u']),
        node('sigmoid', 'Sigmoid', ['gate']),
        node('silu', 'Mul', ['gate', 'sigmoid']),
        node('gated', 'Mul', ['silu', 'up']),
        node('unread', 'MatMul', ['gated', 'w']),
        node('dDown', 'MatMul', ['d', 'gated']),
        node('dSilu', 'Mul', ['d', 'up']),
        node('dUp', 'Mul', ['d', 'silu']),
        node('byGate', 'Mul', ['gate', 'sigmoid']),
        node('dGate', 'Mul', ['dSilu', 'byGate']),
        node('both', 'Add', ['dGate', 'dUp']),
        node('dWeight', 'MatMul', ['both', 'normed']),
        node('o0', 'Identity', ['gated']),
        node('o1', 'Identity', ['dWeight']),
        node('o2', 'Identity', ['dDown']),
      ],
      inputs,
      outputs: ['o0:0', 'o1:0', 'o2:0'],
      types: new Map(),
      sizes: new Map(),
    };
    const { early, late } = splitRecording(recording, (i) => i === 3, 1);
    const residuals = early.nodes.filter(({ name }) => name.startsWith('r'));
    expect(residuals.flatMap(({ inputs }) => inputs).sort()).toEqual(['gate', 'up']);
    expect(early.nodes.map(({ name }) => name)).not.toContain('unread');
    expect(late.inputs).toEqual(['x', 'd', 'r0', 'r1']);
  });

  it('gives both parts their constants', () => {
    const recording: Recording = {
      nodes: [
        node('i0', 'Placeholder', []),
        node('i1', 'Placeholder', []),
        node('c', 'Const', [], 2),
        node('a', 'Mul', ['i0', 'c']),
        node('b', 'Mul', ['i1', 'c']),
        node('o0', 'Identity', ['a']),
        node('o1', 'Identity', ['b']),
      ],
      inputs: ['i0', 'i1'],
      outputs: ['o0:0', 'o1:0'],
      types: new Map(),
      sizes: new Map(),
    };
    const { early, late } = splitRecording(recording, (i) => i === 1, 1);
    expect(early.outputs).toEqual(['o0:0']);
    expect(late.nodes.map(({ name }) => name)).toEqual(['i1', 'c', 'b', 'o1']);
  });
});
