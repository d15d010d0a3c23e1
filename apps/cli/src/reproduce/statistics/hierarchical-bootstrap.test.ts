import { seededRandom } from '@midtrain/curriculum';
import { describe, expect, test } from 'vitest';
import { type Cluster, hierarchicalBootstrap } from './hierarchical-bootstrap.js';

const one = (value: number): Cluster => ({ sum: value, weight: 1 });

/** Box and Muller's normal draws. */
function normals(seed: number, stream: string): () => number {
  const random = seededRandom(seed, stream);
  return () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Of how many experiments the interval holds the truth, which is 0. */
function coverage({ seeds = 5, documents = 40, between = 0, within = 1, experiments = 400 }): number {
  const draw = normals(seeds * 1000 + documents, `between ${between}, within ${within}`);
  let held = 0;
  for (let i = 0; i < experiments; i++) {
    const data = Array.from({ length: seeds }, () => {
      const own = between * draw();
      return Array.from({ length: documents }, () => one(own + within * draw()));
    });
    const { low, high } = hierarchicalBootstrap(data, `experiment ${i}`);
    if (low <= 0 && 0 <= high) held++;
  }
  return held / experiments;
}

describe('hierarchicalBootstrap', () => {
  test('holds the truth about as often as it says, whatever the noise comes from', {
    timeout: 120_000,
  }, () => {
    // A share of 400 that is 0.95 in truth has a deviation of 0.011.
    const regimes = [
      { between: 0, within: 1 },
      { between: 0.1, within: 1 },
      { between: 0.3, within: 1 },
      { between: 1, within: 0.1 },
      { between: 0.3, within: 1, seeds: 3 },
      { between: 1, within: 0.1, seeds: 10, documents: 20 },
    ];
    for (const regime of regimes) {
      const share = coverage(regime);
      expect(share, JSON.stringify(regime)).toBeGreaterThan(0.92);
      expect(share, JSON.stringify(regime)).toBeLessThanOrEqual(1);
    }
  });

  test('with one seed is the bootstrap over its documents, near the normal interval of a share', () => {
    const data = Array.from({ length: 2000 }, (_, i) => one(i % 10 < 3 ? 1 : 0));
    const { value, low, high } = hierarchicalBootstrap([data], 'one');
    const half = 1.96 * Math.sqrt((0.3 * 0.7) / 2000);
    expect(value).toBeCloseTo(0.3, 12);
    expect(low).toBeCloseTo(0.3 - half, 2);
    expect(high).toBeCloseTo(0.3 + half, 2);
  });

  test('with seeds that have no noise of their own is Student’s interval', () => {
    const means = [0.1, 0.25, 0.3, 0.42, 0.43];
    const mean = 0.3;
    const deviation = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4);
    const { value, low, high } = hierarchicalBootstrap(
      means.map((value) => [one(value)]),
      'seeds',
    );
    const half = (2.776 * deviation) / Math.sqrt(5);
    expect(value).toBeCloseTo(mean, 12);
    // Percentiles of few seeds are not quite symmetric: within a tenth of the width.
    expect(Math.abs(high - low - 2 * half)).toBeLessThan(0.2 * half);
  });

  test('counts a document’s positions together, and weighs them', () => {
    const { value } = hierarchicalBootstrap([[{ sum: 3, weight: 4 }, one(0)], [one(1)]], 'weights');
    expect(value).toBeCloseTo((3 / 5 + 1) / 2, 12);
    // Ten copies of each document's value in one cluster say no more than one.
    const single = Array.from({ length: 50 }, (_, i) => one(i % 2));
    const tenfold = single.map(({ sum }) => ({ sum: 10 * sum, weight: 10 }));
    expect(hierarchicalBootstrap([tenfold], 'same').low).toBeCloseTo(
      hierarchicalBootstrap([single], 'same').low,
      12,
    );
  });

  test('ends its interval where a mean cannot be', () => {
    const seeds = [
      [one(1), one(1)],
      [one(0), one(1)],
    ];
    expect(hierarchicalBootstrap(seeds, 'limits').high).toBeGreaterThan(1);
    const { low, high } = hierarchicalBootstrap(seeds, 'limits', [0, 1]);
    expect([low, high]).toEqual([0, 1]);
  });

  test('is decided by its name', () => {
    const data = [
      [one(0), one(1), one(1)],
      [one(1), one(0)],
    ];
    expect(hierarchicalBootstrap(data, 'a')).toEqual(hierarchicalBootstrap(data, 'a'));
  });
});
