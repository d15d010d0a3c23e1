import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { even, fits } from '../test/chi-square.js';
import { constantTierSchedule } from './constant-tier-schedule.js';
import type { Candidate, Curriculum } from './curriculum.js';
import { piecewiseLinearTierSchedule } from './piecewise-linear-tier-schedule.js';
import { restoreRandom, seededRandom } from './seeded-random.js';
import { type TieredCurriculumOptions, tieredCurriculum } from './tiered-curriculum.js';

/** `counts[tier]` candidates of RPT's easy, medium and hard tiers, in one document. */
const candidatesOf = (counts: readonly number[]): Candidate[] =>
  counts
    .flatMap((count, tier) => new Array<number>(count).fill(0.75 + tier / 2))
    .map((difficulty, position) => ({ document: 0, position, difficulty }));

const now = { step: 0, totalSteps: 10 };
const mix = [0.2, 0.3, 0.5];
const schedule = constantTierSchedule(mix);

/** How often each tier and each position was drawn in many draws. */
const tally = (
  curriculum: Curriculum,
  candidates: Candidate[],
  count: number,
  draws: number,
  seed: number,
) => {
  const random = seededRandom(seed);
  const tiers = [0, 0, 0];
  const positions = new Array<number>(candidates.length).fill(0);
  for (let i = 0; i < draws; i++)
    for (const { tier, position } of curriculum.draw(candidates, { ...now, count }, random).chosen) {
      tiers[tier]++;
      positions[position]++;
    }
  return { tiers, positions };
};

describe('the two-stage draw (chi-square, 0.001)', () => {
  const candidates = candidatesOf([20, 4, 10]);

  it('draws tiers by p_t, whatever their sizes, and evenly within each', () => {
    const { tiers, positions } = tally(
      tieredCurriculum({ schedule, replacement: 'with' }),
      candidates,
      5,
      4000,
      1,
    );
    expect(fits(tiers, mix)).toBe(true);
    expect(fits(positions.slice(0, 20), even(20))).toBe(true);
    expect(fits(positions.slice(20, 24), even(4))).toBe(true);
    expect(fits(positions.slice(24), even(10))).toBe(true);
    // The test can tell: neither the sizes' shares nor a slightly different mix would pass.
    expect(fits(tiers, [20 / 34, 4 / 34, 10 / 34])).toBe(false);
    expect(fits(tiers, [0.22, 0.3, 0.48])).toBe(false);
  });

  it('draws single positions without replacement alike', () => {
    const { tiers, positions } = tally(tieredCurriculum({ schedule }), candidates, 1, 20_000, 2);
    expect(fits(tiers, mix)).toBe(true);
    expect(fits(positions.slice(0, 20), even(20))).toBe(true);
  });

  it('makes every subset of a tier equally likely without replacement', () => {
    const random = seededRandom(3);
    const curriculum = tieredCurriculum({ schedule: constantTierSchedule([1, 0, 0]) });
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const { chosen } = curriculum.draw(candidatesOf([5, 0, 0]), { ...now, count: 2 }, random);
      const pair = chosen
        .map(({ position }) => position)
        .sort()
        .join();
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    expect(fits([...counts.values()], even(10))).toBe(true);
  });

  it('follows the schedule between its transitions', () => {
    const random = seededRandom(4);
    const curriculum = tieredCurriculum({
      schedule: piecewiseLinearTierSchedule({ from: [0.8, 0.1, 0.1], to: [0.1, 0.1, 0.8] }),
      replacement: 'with',
    });
    const tiersAt = (step: number) => {
      const { tierShares } = curriculum.draw(candidates, { step, totalSteps: 10, count: 10_000 }, random);
      return tierShares.map((share) => share * 10_000);
    };
    expect(fits(tiersAt(0), [0.8, 0.1, 0.1])).toBe(true);
    expect(fits(tiersAt(5), [0.45, 0.1, 0.45])).toBe(true);
    expect(fits(tiersAt(9), [0.1, 0.1, 0.8])).toBe(true);
  });

  it('gives an empty tier’s part to the others in proportion', () => {
    const { tiers } = tally(tieredCurriculum({ schedule }), candidatesOf([5, 0, 5]), 1, 10_000, 5);
    expect(tiers[1]).toBe(0);
    expect(fits([tiers[0], tiers[2]], [2 / 7, 5 / 7])).toBe(true);
  });

  it('gives an empty tier’s part to the nearest, the easier of two', () => {
    const curriculum = tieredCurriculum({ schedule, whenEmpty: 'nearest' });
    const toEasier = tally(curriculum, candidatesOf([5, 0, 5]), 1, 10_000, 6).tiers;
    expect(toEasier[1]).toBe(0);
    expect(fits([toEasier[0], toEasier[2]], [0.5, 0.5])).toBe(true);
    const toMedium = tally(curriculum, candidatesOf([0, 5, 5]), 1, 10_000, 7).tiers;
    expect(fits([toMedium[1], toMedium[2]], [0.5, 0.5])).toBe(true);
    expect(tally(curriculum, candidatesOf([0, 0, 5]), 1, 100, 8).tiers).toEqual([0, 0, 100]);
  });

  it('has the exact probabilities of every ordered draw without replacement', () => {
    // Tiers {a}, {b}, {c} of one candidate each: P(x then y) = p_x·p_y/(1 − p_x).
    const random = seededRandom(9);
    const curriculum = tieredCurriculum({ schedule: constantTierSchedule([0.5, 0.25, 0.25]) });
    const orders = ['01', '02', '10', '12', '20', '21'];
    const probabilities = [1 / 4, 1 / 4, 1 / 6, 1 / 12, 1 / 6, 1 / 12];
    const observed = orders.map(() => 0);
    for (let i = 0; i < 12_000; i++) {
      const { chosen } = curriculum.draw(candidatesOf([1, 1, 1]), { ...now, count: 2 }, random);
      observed[orders.indexOf(chosen.map(({ position }) => position).join(''))]++;
    }
    expect(fits(observed, probabilities)).toBe(true);
  });
});

describe('tieredCurriculum', () => {
  const sizes = fc.array(fc.nat({ max: 8 }), { minLength: 3, maxLength: 3 });
  const options: fc.Arbitrary<TieredCurriculumOptions> = fc.record({
    replacement: fc.constantFrom('with', 'without'),
    whenEmpty: fc.constantFrom('renormalise', 'nearest'),
  });

  it('draws as many as asked or as there are, each from its own tier, none twice without replacement', () => {
    fc.assert(
      fc.property(sizes, options, fc.nat({ max: 30 }), fc.nat(), (counts, chosenOptions, count, seed) => {
        const candidates = candidatesOf(counts);
        const draw = tieredCurriculum(chosenOptions).draw(candidates, { ...now, count }, seededRandom(seed));
        const without = chosenOptions.replacement === 'without';
        const available = candidates.length === 0 ? 0 : without ? candidates.length : count;
        expect(draw.chosen.length).toBe(Math.min(count, available));
        for (const { tier, ...candidate } of draw.chosen) {
          expect(candidates[candidate.position]).toEqual(candidate);
          expect(candidate.difficulty).toBe(0.75 + tier / 2);
        }
        const positions = draw.chosen.map(({ position }) => position);
        if (without) expect(new Set(positions).size).toBe(positions.length);
        const total = draw.tierShares.reduce((a, b) => a + b, 0);
        expect(total).toBeCloseTo(draw.chosen.length > 0 ? 1 : 0, 12);
        expect(draw.tierNames).toEqual(['easy', 'medium', 'hard']);
      }),
    );
  });

  it('replays from a saved generator', () => {
    const random = seededRandom(11, 'curriculum');
    const candidates = candidatesOf([9, 9, 9]);
    const curriculum = tieredCurriculum();
    curriculum.draw(candidates, { ...now, count: 7 }, random);
    const saved = random.state();
    const next = curriculum.draw(candidates, { ...now, count: 7 }, random);
    expect(curriculum.draw(candidates, { ...now, count: 7 }, restoreRandom(saved))).toEqual(next);
  });

  it('never draws what is in no tier', () => {
    const tooEasy = { document: 0, position: 0, difficulty: 0.1 };
    expect(tieredCurriculum().draw([tooEasy], { ...now, count: 3 }, seededRandom(0)).chosen).toEqual([]);
  });

  it('never draws from a tier of probability 0 when renormalising, even if nothing else is left', () => {
    const curriculum = tieredCurriculum({ schedule: constantTierSchedule([1, 0, 0]) });
    const { chosen, tierShares } = curriculum.draw(
      candidatesOf([2, 5, 5]),
      { ...now, count: 6 },
      seededRandom(0),
    );
    expect(chosen.length).toBe(2);
    expect(tierShares).toEqual([1, 0, 0]);
  });

  it('reports empty tiers and too few candidates where asked to', () => {
    const emptyTier = tieredCurriculum({ schedule: constantTierSchedule([0, 1, 0]), whenEmpty: 'error' });
    expect(() => emptyTier.draw(candidatesOf([5, 1, 5]), { ...now, count: 2 }, seededRandom(0))).toThrow(
      expect.objectContaining({
        code: 'empty_tier',
        message: expect.stringMatching(/^tier "medium" has no/),
      }),
    );
    expect(() => emptyTier.draw([], { ...now, count: 1 }, seededRandom(0))).toThrow(/has no candidate left/);
    const short = tieredCurriculum({ whenShort: 'error' });
    expect(() => short.draw(candidatesOf([1, 1, 1]), { ...now, count: 4 }, seededRandom(0))).toThrow(
      expect.objectContaining({ code: 'too_few_candidates' }),
    );
  });

  it('refuses bad candidates, moments, options and schedules', () => {
    const draw = (difficulty: number, count: number, step = 0, chosen: Curriculum = tieredCurriculum()) =>
      chosen.draw(
        [{ document: 0, position: 0, difficulty }],
        { step, totalSteps: 10, count },
        seededRandom(0),
      );
    for (const difficulty of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => draw(difficulty, 1)).toThrow(/^candidates\[0\]\.difficulty is/);
    for (const count of [-1, 0.5, Number.NaN]) expect(() => draw(1, count)).toThrow(/^count is/);
    expect(() => draw(1, 1, 11)).toThrow(expect.objectContaining({ code: 'invalid_moment' }));
    const twoTiers = tieredCurriculum({ schedule: constantTierSchedule([0.5, 0.5]) });
    expect(() => draw(1, 1, 0, twoTiers)).toThrow(/^schedule gives 2 probabilities: give 3/);
    const noDistribution = tieredCurriculum({ schedule: () => [1, 1, 1] });
    expect(() => draw(1, 1, 0, noDistribution)).toThrow(/^schedule sums to 3/);
    const wild = { names: ['only'], assign: () => Int32Array.of(1) };
    const wildTiers = tieredCurriculum({ tiers: wild, schedule: constantTierSchedule([1]) });
    expect(() => draw(1, 1, 0, wildTiers)).toThrow(/^tiers put a difficulty into tier 1/);
    expect(() => tieredCurriculum({ replacement: 'maybe' as 'with' })).toThrow(
      /^replacement is "maybe": give/,
    );
  });
});
