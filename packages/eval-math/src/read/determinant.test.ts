import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exactValue } from '../value/exact.js';
import { whole } from '../value/rational.js';
import { determinantOf } from './determinant.js';
import type { Node } from './node.js';

/** Leibniz: the sum over all permutations, signed by their inversions. */
function byPermutations(rows: number[][]): number {
  const permute = (left: number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((one) => permute(left.filter((other) => other !== one)).map((rest) => [one, ...rest]));
  return permute(rows.map((_, index) => index))
    .map((order) => {
      const inversions = order.flatMap((a, i) => order.slice(i + 1).filter((b) => b < a)).length;
      return (
        (inversions % 2 === 0 ? 1 : -1) *
        order.reduce((product, column, row) => product * rows[row][column], 1)
      );
    })
    .reduce((a, b) => a + b, 0);
}

it('is the sum over permutations', () => {
  const squares = fc.integer({ min: 1, max: 4 }).chain((n) =>
    fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n, maxLength: n }), {
      minLength: n,
      maxLength: n,
    }),
  );
  fc.assert(
    fc.property(squares, (rows) => {
      const nodes = rows.map((row) =>
        row.map((value): Node => ({ kind: 'number', value: whole(value), decimal: false })),
      );
      expect(Number(exactValue(determinantOf(nodes))!.top)).toBe(byPermutations(rows) + 0);
    }),
  );
});
