import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutKeys } from './cut-keys.js';
import { fillBlockMask, planBlocks } from './plan-blocks.js';

/** A document, and branches after a part of it and an instruction. */
const trees = fc.record({
  document: fc.integer({ min: 1, max: 900 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  branches: fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 4 }),
  heads: fc.constantFrom(1, 9, 16),
});

describe('planBlocks', () => {
  it('lets every query see what it is to see, in stretches of which the last alone has a mask', () => {
    fc.assert(
      fc.property(trees, ({ document, share, branches, heads }) => {
        const prefix = [{ start: 0, length: Math.round(share * document) }];
        const start = document + 2;
        const groups = [
          { start: 0, lengths: [document], prefix: [] },
          { start, lengths: branches, prefix: [...prefix, { start: document, length: 2 }] },
        ];
        const found: (readonly [number, number])[][] = [];
        for (const block of planBlocks(groups)) {
          const rows = block.keys.flatMap((run) =>
            Array.from({ length: run.length }, (_, i) => run.start + i),
          );
          const stretches = cutKeys(block, heads);
          const seen = Array.from({ length: block.queries }, () => [] as number[]);
          let next = 0;
          stretches.forEach(({ first, count, masked }, i) => {
            expect([first, masked]).toEqual([next, i === stretches.length - 1]);
            expect(count).toBeGreaterThan(0);
            next += count;
            const mask = masked
              ? fillBlockMask(block, first, new Float32Array(block.queries * count))
              : new Float32Array(block.queries * count);
            mask.forEach((value, at) => {
              if (value === 0) seen[Math.floor(at / count)].push(rows[first + (at % count)]);
            });
          });
          expect(next).toBe(block.keyCount);
          for (const own of seen) found.push(runsOf(own));
        }
        const expected = groups.flatMap((group) => {
          let from = group.start;
          return group.lengths.flatMap((length) => {
            const first = from;
            from += length;
            return Array.from({ length }, (_, i) => {
              const own = Array.from({ length: i + 1 }, (_, j) => first + j);
              const before = group.prefix.flatMap((run) =>
                Array.from({ length: run.length }, (_, j) => run.start + j),
              );
              return runsOf([...before, ...own]);
            });
          });
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });
});

/** Rising numbers as [first, last] of each run. */
function runsOf(rows: readonly number[]): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === row) last[1] = row;
    else runs.push([row, row]);
  }
  return runs;
}
