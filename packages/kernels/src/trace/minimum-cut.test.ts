import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CutNode, minimumCut } from './minimum-cut.js';

/** Whether a node can be made of what is kept. */
function made(nodes: readonly CutNode[], kept: ReadonlySet<number>, node: number): boolean {
  if (kept.has(node)) return true;
  const { source, from } = nodes[node];
  return !source && from.every((other) => made(nodes, kept, other));
}

const graphs = fc
  .array(
    fc.record({
      price: fc.integer({ min: 1, max: 9 }),
      from: fc.array(fc.nat(), { maxLength: 3 }),
      source: fc.boolean(),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((nodes) =>
    nodes.map(
      ({ from, ...rest }, i): CutNode => ({ ...rest, from: i === 0 ? [] : from.map((other) => other % i) }),
    ),
  );

describe('minimumCut', () => {
  it('is as cheap as the cheapest of all subsets that suffice', () => {
    fc.assert(
      fc.property(graphs, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (nodes, some) => {
        const wanted = [...new Set(some.map((node) => node % nodes.length))];
        const suffices = (kept: ReadonlySet<number>) => wanted.every((node) => made(nodes, kept, node));
        const price = (kept: Iterable<number>) => [...kept].reduce((sum, node) => sum + nodes[node].price, 0);
        let cheapest = Number.POSITIVE_INFINITY;
        for (let subset = 0; subset < 2 ** nodes.length; subset++) {
          const kept = new Set(nodes.flatMap((_, node) => ((subset >> node) & 1 ? [node] : [])));
          if (suffices(kept)) cheapest = Math.min(cheapest, price(kept));
        }
        const cut = minimumCut(nodes, wanted);
        expect(suffices(new Set(cut))).toBe(true);
        expect(price(cut)).toBe(cheapest);
      }),
    );
  });

  it('takes the cut that leaves least to make', () => {
    const nodes: CutNode[] = [
      { price: 2, from: [], source: true },
      { price: 2, from: [0], source: false },
      { price: 2, from: [1], source: false },
    ];
    expect(minimumCut(nodes, [2])).toEqual([2]);
  });
});
