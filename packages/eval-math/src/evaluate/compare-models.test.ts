import { describe, expect, it } from 'vitest';
import { compareModels } from './compare-models.js';
import type { ProblemResult } from './result.js';

const result = (id: string, correct: number, samples = 1): ProblemResult => ({
  id,
  gold: '',
  subject: null,
  level: null,
  samples: Array.from({ length: samples }, (_, index) => ({
    text: '',
    correct: index < correct,
    prediction: null,
    reason: '',
  })),
  correct,
  cached: 0,
});
const results = (bits: number[]): ProblemResult[] => bits.map((bit, index) => result(`${index}`, bit));

describe('compareModels', () => {
  it('has the width of the paired difference, not of two separate means', () => {
    // The second model answers what the first does and every tenth problem besides.
    const first = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? 1 : 0));
    const second = first.map((bit, index) => (index % 10 === 1 ? 1 : bit));
    const { difference, pValue } = compareModels(results(first), results(second), { resamples: 10_000 });
    const deviation = Math.sqrt((0.1 * 0.9) / 1000);
    expect(difference.value).toBeCloseTo(0.1, 12);
    expect(Math.abs(difference.high - difference.low - 2 * 1.96 * deviation)).toBeLessThan(0.3 * deviation);
    expect(pValue).toBe(0);
  });

  it('finds no difference between a model and itself', () => {
    const same = results([1, 0, 1, 1]);
    expect(compareModels(same, [...same].reverse())).toMatchObject({
      first: { value: 0.75 },
      second: { value: 0.75 },
      difference: { value: 0, low: 0, high: 0 },
      pValue: 1,
    });
  });

  it('rejects a true null about as often as its level says', () => {
    let rejected = 0;
    const trials = 200;
    let state = 1;
    const next = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    for (let trial = 0; trial < trials; trial += 1) {
      const draw = (): number[] => Array.from({ length: 60 }, () => (next() < 0.5 ? 1 : 0));
      const { pValue } = compareModels(results(draw()), results(draw()), { resamples: 300, seed: trial });
      if (pValue < 0.1) rejected += 1;
    }
    expect(Math.abs(rejected / trials - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / trials) + 0.03);
  });

  it('refuses results of other problems', () => {
    const code = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => compareModels([], [])).toThrow(code);
    expect(() => compareModels([result('a', 1)], [result('b', 1)])).toThrow(code);
    expect(() => compareModels([result('a', 1)], [result('a', 1), result('b', 1)])).toThrow(code);
    expect(() => compareModels([result('a', 1), result('b', 1)], [result('a', 1), result('a', 1)])).toThrow(
      code,
    );
  });
});
