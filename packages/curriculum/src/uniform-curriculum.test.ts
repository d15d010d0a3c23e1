import { describe, expect, it } from 'vitest';
import { even, fits } from '../test/chi-square.js';
import type { Candidate } from './curriculum.js';
import { entropyFilterCurriculum } from './entropy-filter-curriculum.js';
import { seededRandom } from './seeded-random.js';
import { thresholdTiers } from './threshold-tiers.js';
import { uniformCurriculum } from './uniform-curriculum.js';

const candidates: Candidate[] = Array.from({ length: 20 }, (_, position) => ({
  document: 0,
  position,
  difficulty: position / 10,
}));
const now = { step: 0, totalSteps: 1 };

describe('uniformCurriculum', () => {
  it('draws every candidate equally often, with and without replacement (chi-square, 0.001)', () => {
    for (const replacement of ['with', 'without'] as const) {
      const random = seededRandom(1);
      const counts = new Array<number>(20).fill(0);
      for (let i = 0; i < 20_000; i++)
        for (const { position } of uniformCurriculum({ replacement }).draw(
          candidates,
          { ...now, count: 1 },
          random,
        ).chosen)
          counts[position]++;
      expect(fits(counts, even(20))).toBe(true);
    }
  });

  it('makes every subset equally likely, also across tiers that are only reported (chi-square, 0.001)', () => {
    const random = seededRandom(2);
    const five = [0, 1, 2, 6, 9].map((tenths, position) => ({
      document: 0,
      position,
      difficulty: tenths / 5,
    }));
    const curriculum = uniformCurriculum({
      tiers: thresholdTiers({ thresholds: [0.3, 1], names: ['a', 'b', 'c'] }),
    });
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const { chosen } = curriculum.draw(five, { ...now, count: 2 }, random);
      const pair = chosen
        .map(({ position }) => position)
        .sort()
        .join();
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    expect(fits([...counts.values()], even(10))).toBe(true);
  });

  it('draws all once when as many are asked, and reports the shares of the tiers given', () => {
    const tiers = thresholdTiers({ thresholds: [0.95, 1.45] });
    const draw = uniformCurriculum({ tiers }).draw(candidates, { ...now, count: 50 }, seededRandom(3));
    expect(draw.chosen.map(({ position }) => position).sort((a, b) => a - b)).toEqual(
      candidates.map((_, i) => i),
    );
    expect(draw.tierShares).toEqual([0.5, 0.25, 0.25]);
    expect(uniformCurriculum().draw([], { ...now, count: 1 }, seededRandom(0))).toEqual({
      chosen: [],
      tierNames: ['all'],
      tierShares: [0],
    });
  });

  it('reports too few candidates where asked to', () => {
    const curriculum = uniformCurriculum({ whenShort: 'error' });
    expect(() => curriculum.draw(candidates, { ...now, count: 21 }, seededRandom(0))).toThrow(
      expect.objectContaining({ code: 'too_few_candidates' }),
    );
  });
});

describe('entropyFilterCurriculum', () => {
  it('draws evenly from what is above the threshold, and nothing else (chi-square, 0.001)', () => {
    const random = seededRandom(4);
    const counts = new Array<number>(20).fill(0);
    const curriculum = entropyFilterCurriculum({ minEntropy: 0.9 });
    for (let i = 0; i < 5000; i++)
      for (const { position } of curriculum.draw(candidates, { ...now, count: 1 }, random).chosen)
        counts[position]++;
    expect(counts.slice(0, 10)).toEqual(new Array(10).fill(0));
    expect(fits(counts.slice(10), even(10))).toBe(true);
  });

  it('refuses a threshold that is no number', () => {
    expect(() => entropyFilterCurriculum({ minEntropy: Number.NaN })).toThrow(/^minEntropy is NaN/);
  });
});
