import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DifficultySignal, TokenEvidence } from './difficulty-signal.js';
import { entropySignal } from './entropy-signal.js';
import { lossSignal } from './loss-signal.js';
import { refreshEvery } from './refresh-every.js';
import { rewardSpreadSignal } from './reward-spread-signal.js';

const evidence = (documentId: string, entropies: number[], probabilities = entropies): TokenEvidence => ({
  documentId,
  entropies: Float32Array.from(entropies),
  logProbs: Float32Array.from(probabilities, Math.log),
});
const NONE = Number.NaN;
const throughJson = (state: unknown): unknown => JSON.parse(JSON.stringify(state));

/** Population standard deviation, by definition. */
const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

describe('entropySignal', () => {
  it('is the entropy, as a copy', () => {
    const given = evidence('a', [NONE, 1.5, 0.25]);
    const measured = entropySignal().measure(given);
    expect([...measured]).toEqual([NONE, 1.5, 0.25]);
    measured[1] = 9;
    expect(given.entropies[1]).toBe(1.5);
  });

  it('refuses what is infinite, by document and token', () => {
    expect(() => entropySignal().measure(evidence('a', [NONE, Number.POSITIVE_INFINITY]))).toThrow(
      /^entropies\[1\] of document "a" is Infinity: give/,
    );
  });
});

describe('lossSignal', () => {
  it('is -ln p of the token itself', () => {
    const [first, half, sure] = lossSignal().measure(evidence('a', [NONE, 1, 1], [NONE, 0.5, 1]));
    expect(first).toBeNaN();
    expect(half).toBeCloseTo(Math.LN2, 6);
    expect(sure).toBe(0);
  });

  it('refuses a token of probability 0', () => {
    expect(() => lossSignal().measure(evidence('a', [NONE, 1], [NONE, 0]))).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
  });
});

describe('rewardSpreadSignal', () => {
  const given = evidence('a', [NONE, 1, 2, 3]);

  it('equals the standard deviation of all rewards seen at a position, times the scale', () => {
    const groups = fc.array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 8 }), (rewards, scale) => {
        fc.pre(rewards.flat().length > 1);
        const signal = rewardSpreadSignal({ scale });
        for (const group of rewards) signal.observe?.('a', 2, group);
        expect(signal.measure(given)[2]).toBeCloseTo(scale * deviation(rewards.flat()), 5);
      }),
    );
  });

  it('takes the fallback where fewer than two rewards were seen, and never makes a token a candidate', () => {
    const signal = rewardSpreadSignal({ fallback: lossSignal() });
    signal.observe?.('a', 0, [0, 1]);
    signal.observe?.('a', 1, [1]);
    signal.observe?.('a', 2, [0, 1, 1, 0]);
    signal.observe?.('b', 3, [0, 1]);
    const measured = signal.measure(evidence('a', [NONE, 1, 2, 3], [NONE, 0.5, 0.5, 0.5]));
    expect(measured[0]).toBeNaN();
    expect(measured[1]).toBeCloseTo(Math.LN2, 6);
    expect(measured[2]).toBe(0.5);
    expect(measured[3]).toBeCloseTo(Math.LN2, 6);
  });

  it('forgets: earlier rewards weigh keep times less with each later group', () => {
    const signal = rewardSpreadSignal({ keep: 0.5 });
    signal.observe?.('a', 1, [0, 4]);
    signal.observe?.('a', 1, [1, 1]);
    // Weights 1/2, 1/2, 1, 1: the mean is 4/3, the variance (16/18 + 64/18 + 1/9 + 1/9)/3 = 14/9.
    expect(signal.measure(given)[1]).toBeCloseTo(Math.sqrt(14 / 9), 6);
  });

  it('goes on from its state, also through JSON', () => {
    const signal = rewardSpreadSignal({ keep: 0.9 });
    signal.observe?.('a', 1, [0, 1, 0.1]);
    signal.observe?.('__proto__', 2, [0, 3]);
    const restored = rewardSpreadSignal({ keep: 0.9 });
    restored.restore?.(throughJson(signal.state?.()));
    for (const either of [signal, restored]) either.observe?.('a', 1, [0.3, 0.7]);
    expect(restored.measure(given)).toEqual(signal.measure(given));
    expect(restored.state?.()).toEqual(signal.state?.());
  });

  it('refuses rewards, options and states that are none', () => {
    const signal = rewardSpreadSignal();
    expect(() => signal.observe?.('a', 1, [0, NONE])).toThrow(/^rewards\[1\] is NaN/);
    expect(() => signal.observe?.('a', -1, [0])).toThrow(/^position is -1/);
    expect(() => rewardSpreadSignal({ scale: 0 })).toThrow(/^scale is 0/);
    expect(() => rewardSpreadSignal({ keep: 1.5 })).toThrow(/^keep is 1.5/);
    const states = [null, {}, { rewards: 1, fallback: null }, { rewards: [['a', 1]], fallback: null }];
    const numbers = [
      { rewards: [['a', 1, 2, 2, 0, -1]], fallback: null },
      { rewards: [], fallback: {} },
    ];
    for (const state of [...states, ...numbers])
      expect(() => signal.restore?.(state)).toThrow(expect.objectContaining({ code: 'invalid_state' }));
  });
});

describe('refreshEvery', () => {
  /** Says how often it was asked. */
  const counting = (): DifficultySignal => {
    let asked = 0;
    return {
      measure: ({ entropies }) => entropies.map((entropy) => (Number.isNaN(entropy) ? NONE : ++asked)),
      state: () => asked,
      restore: (state) => {
        asked = state as number;
      },
    };
  };
  const token = (documentId: string) => evidence(documentId, [NONE, 1]);

  it('measures a document again only when n steps have passed, each document by its own count', () => {
    const signal = refreshEvery(counting(), 3);
    const seen = [0, 1, 2, 3, 4, 5, 6].map((step) => signal.measure(token('a'), step)[1]);
    expect(seen).toEqual([1, 1, 1, 2, 2, 2, 3]);
    expect([7, 8, 9, 10].map((step) => signal.measure(token('b'), step)[1])).toEqual([4, 4, 4, 5]);
    expect(signal.measure(token('a'), 100)[1]).toBe(6);
  });

  it('measures at every step for n = 1, and anew when the run starts over', () => {
    const signal = refreshEvery(counting(), 1);
    expect([5, 6, 7].map((step) => signal.measure(token('a'), step)[1])).toEqual([1, 2, 3]);
    expect(refreshEvery(counting(), 9).measure(token('a'), 8)[1]).toBe(1);
    const started = refreshEvery(counting(), 9);
    expect([8, 0, 1].map((step) => started.measure(token('a'), step)[1])).toEqual([1, 2, 2]);
  });

  it('hands out copies', () => {
    const signal = refreshEvery(entropySignal(), 5);
    signal.measure(token('a'), 0)[1] = 77;
    signal.measure(token('a'), 1)[1] = 77;
    expect(signal.measure(token('a'), 2)[1]).toBe(1);
  });

  it('goes on from its state and its inner signal’s, also through JSON, bit for bit', () => {
    const signal = refreshEvery(rewardSpreadSignal(), 4);
    signal.observe?.('a', 1, [0, 0.1, 1]);
    signal.measure(evidence('a', [NONE, 0.1, 0.2]), 0);
    signal.measure(evidence('b', [NONE, 0.3]), 2);
    const restored = refreshEvery(rewardSpreadSignal(), 4);
    restored.restore?.(throughJson(signal.state?.()));
    for (const step of [3, 4, 5, 6])
      for (const document of [evidence('a', [NONE, 5, 6]), evidence('b', [NONE, 7])])
        expect(restored.measure(document, step)).toEqual(signal.measure(document, step));
  });

  it('refuses a missing step, a document that changed, and states that are none', () => {
    const signal = refreshEvery(entropySignal(), 2);
    expect(() => signal.measure(token('a'))).toThrow(/^step is undefined: give a whole number/);
    signal.measure(token('a'), 0);
    expect(() => signal.measure(evidence('a', [NONE, 1, 2]), 1)).toThrow(
      /^document "a" has 3 tokens and had 2/,
    );
    for (const steps of [0, -1, 1.5, NONE])
      expect(() => refreshEvery(entropySignal(), steps)).toThrow(/^steps is/);
    const states = [null, {}, { documents: {}, signal: null }, { documents: [['a', 0]], signal: null }];
    const inner = [
      { documents: [['a', 0, ['x']]], signal: null },
      { documents: [], signal: 5 },
    ];
    for (const state of [...states, ...inner])
      expect(() => signal.restore?.(state)).toThrow(expect.objectContaining({ code: 'invalid_state' }));
  });
});
