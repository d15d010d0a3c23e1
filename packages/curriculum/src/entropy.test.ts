import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entropyFromLogits, entropyFromLogProbs } from './entropy.js';

/** −Σ p ln p as it is written, safe only for moderate logits. */
const byDefinition = (logits: readonly number[]): number => {
  const weights = logits.map(Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return -weights
    .map((weight) => weight / total)
    .filter((p) => p > 0)
    .reduce((sum, p) => sum + p * Math.log(p), 0);
};

const moderate = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 60 });
const extreme = fc.array(
  fc.oneof(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.constant(Number.NEGATIVE_INFINITY)),
  { minLength: 1, maxLength: 60 },
);
const NEVER = Number.NEGATIVE_INFINITY;

describe('entropyFromLogits', () => {
  it('is ln n for n equal logits, of whatever size', () => {
    for (const n of [1, 2, 16, 50_000])
      for (const logit of [0, 1e4, -1e4, 1e300])
        expect(entropyFromLogits(new Float64Array(n).fill(logit))).toBeCloseTo(Math.log(n), 9);
  });

  it('equals the definition where that is safe', () => {
    fc.assert(
      fc.property(moderate, (logits) => {
        expect(entropyFromLogits(logits)).toBeCloseTo(byDefinition(logits), 9);
      }),
    );
  });

  it('equals the closed form for two tokens to 12 digits, down to entropies of 1e-300', () => {
    for (const gap of [1e-3, 1, 10, 50, 300, 680]) {
      // H = ln(1 + e^-g) + g·e^-g/(1 + e^-g); for large g, (1 + g)·e^-g.
      const exact = gap < 40 ? byDefinition([gap, 0]) : (1 + gap) * Math.exp(-gap);
      expect(entropyFromLogits([gap, 0]) / exact).toBeCloseTo(1, 9);
      expect(entropyFromLogits([0, gap]) / exact).toBeCloseTo(1, 9);
    }
  });

  it('stays finite and in 0..ln V for logits of ±1e4 and masked tokens, and ignores the masked', () => {
    fc.assert(
      fc.property(extreme, (logits) => {
        const open = logits.filter((logit) => logit !== NEVER);
        fc.pre(open.length > 0);
        const entropy = entropyFromLogits(logits);
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThanOrEqual(Math.log(open.length) + 1e-12);
        expect(entropyFromLogits(open)).toBe(entropy);
      }),
    );
  });

  it('does not depend on a shift of all logits nor on their order', () => {
    fc.assert(
      fc.property(moderate, fc.integer({ min: -10_000, max: 10_000 }), (logits, shift) => {
        const entropy = entropyFromLogits(logits);
        expect(entropyFromLogits(logits.map((logit) => logit + shift))).toBeCloseTo(entropy, 8);
        expect(entropyFromLogits([...logits].reverse())).toBeCloseTo(entropy, 12);
      }),
    );
  });

  it('over the top k equals the definition over the k largest, renormalised', () => {
    fc.assert(
      fc.property(moderate, fc.integer({ min: 1, max: 70 }), (logits, topK) => {
        const kept = [...logits].sort((a, b) => b - a).slice(0, topK);
        expect(entropyFromLogits(logits, { topK })).toBeCloseTo(byDefinition(kept), 9);
      }),
    );
  });

  it('takes typed arrays and is 0 for the single most likely token', () => {
    expect(entropyFromLogits(Float32Array.of(1, 2, 3), { topK: 1 })).toBe(0);
    expect(entropyFromLogits(Float32Array.of(NEVER, 2, NEVER))).toBe(0);
    expect(entropyFromLogits(Float32Array.of(NEVER, 2, NEVER), { topK: 2 })).toBe(0);
  });

  it('refuses what is no distribution', () => {
    for (const logits of [[], [NEVER], [0, Number.NaN], [Number.POSITIVE_INFINITY, 0]])
      expect(() => entropyFromLogits(logits)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    expect(() => entropyFromLogits([0, Number.NaN])).toThrow(/^logits\[1\] is NaN: give/);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses topK = %d', (topK) => {
    expect(() => entropyFromLogits([0, 1], { topK })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });
});

describe('entropyFromLogProbs', () => {
  it('equals the closed form of known distributions', () => {
    expect(entropyFromLogProbs([0.5, 0.25, 0.25].map(Math.log))).toBeCloseTo(1.5 * Math.LN2, 12);
    expect(entropyFromLogProbs([0, NEVER])).toBe(0);
  });

  it('equals the entropy of the logits that it was made from', () => {
    fc.assert(
      fc.property(
        moderate,
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        (logits, topK) => {
          const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
          const logProbs = logits.map((logit) => logit - logSum);
          expect(entropyFromLogProbs(logProbs, { topK })).toBeCloseTo(entropyFromLogits(logits, { topK }), 9);
        },
      ),
    );
  });

  it('renormalises a list that holds only the most likely tokens', () => {
    const most = [0.4, 0.2].map(Math.log);
    expect(entropyFromLogProbs(most)).toBeCloseTo(entropyFromLogProbs([2 / 3, 1 / 3].map(Math.log)), 12);
  });

  it('refuses logits', () => {
    expect(() => entropyFromLogProbs([-1, 2])).toThrow(/^logProbs\[1\] is 2: give a log-probability/);
  });
});
