import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outcomeOf } from '../../test/branch-outcome.js';
import { composeRewards } from './compose-rewards.js';
import { exactMatch } from './exact-match.js';

type Length = (length: number, budget: number) => number;

/** The length rewards of @midtrain/budget by their formulas, at its defaults, and any other value. */
const LENGTHS: Record<string, Length> = {
  triangular: (length, budget) => Math.max(0, 1 - Math.abs(length - budget) / budget),
  cap: (length, budget) => (length <= budget ? 1 : 0),
  'linear penalty': (length, budget) => Math.max(-1, Math.min(0, (budget - length) / Math.ceil(budget / 4))),
  'LCPO exact': (length, budget) => -0.0003 * Math.abs(length - budget),
  'LCPO max': (length, budget) => Math.min(1, Math.max(0, 0.0003 * (budget - length) + 0.5)),
};
const lengths: fc.Arbitrary<Length> = fc.oneof(
  fc.constantFrom(...Object.values(LENGTHS)),
  fc.double({ min: -10, max: 10, noNaN: true }).map((value) => () => value),
);

test('a malformed branch is never above a wrong one of the same length', () => {
  fc.assert(
    fc.property(
      lengths,
      fc.nat(3_000),
      fc.integer({ min: 1, max: 1_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      (length, tokens, budget, lengthWeight, lengthOnlyIfMatched) => {
        const reward = composeRewards({ match: exactMatch(), length, lengthWeight, lengthOnlyIfMatched });
        const fields = { thoughtTokenIds: Array<number>(tokens).fill(0), budget };
        const wrong = reward(outcomeOf(['b'], ['a'], fields));
        const malformed = reward(outcomeOf([], ['a'], { ...fields, wellFormed: false }));
        expect(malformed).toBeLessThanOrEqual(wrong);
        if (length(tokens, budget) >= 0) expect(Math.abs(malformed)).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});
