import { seededRandom } from '@midtrain/curriculum';
import { describe, expect, test } from 'vitest';
import { type Cluster, hierarchicalBootstrap } from './hierarchical-bootstrap.js';

const one = (value: number, document = 0): Cluster => ({ document, sum: value, weight: 1 });
/** A seed's documents, each a value. */
const all = (...values: number[]): Cluster[] => values.map(one);

/** Box and Muller's normal draws. */
function normals(seed: number, stream: string): () => number {
  const random = seededRandom(seed, stream);
  return () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/**
 * Of how many experiments the interval holds the truth, which is 0.
 *
 * @param shared deviation of what a document brings to all seeds alike; `within` is that of what it brings to one
 */
function coverage({
  seeds = 5,
  documents = 40,
  between = 0,
  within = 1,
  shared = 0,
  experiments = 400,
}): number {
  const draw = normals(seeds * 1000 + documents, `between ${between}, within ${within}, shared ${shared}`);
  let held = 0;
  for (let i = 0; i < experiments; i++) {
    const luck = Array.from({ length: documents }, () => shared * draw());
    const data = Array.from({ length: seeds }, () => {
      const own = between * draw();
      return luck.map((more, document) => one(own + more + within * draw(), document));
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
      { between: 0.1, within: 0.5, shared: 1 },
      { between: 0, within: 0.2, shared: 1, seeds: 3 },
      { between: 0.3, within: 1, shared: 1 },
    ];
    for (const regime of regimes) {
      const share = coverage(regime);
      expect(share, JSON.stringify(regime)).toBeGreaterThan(0.92);
      expect(share, JSON.stringify(regime)).toBeLessThanOrEqual(1);
    }
  });

  test('with one seed is the bootstrap over its documents, near the normal interval of a share', () => {
    const data = Array.from({ length: 2000 }, (_, i) => one(i % 10 < 3 ? 1 : 0, i));
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
    const { value } = hierarchicalBootstrap(
      [[{ document: 0, sum: 3, weight: 4 }, one(0, 1)], [one(1)]],
      'weights',
    );
    expect(value).toBeCloseTo((3 / 5 + 1) / 2, 12);
    // Ten copies of each document's value in one cluster say no more than one.
    const single = Array.from({ length: 50 }, (_, i) => one(i % 2, i));
    const tenfold = single.map(({ document, sum }) => ({ document, sum: 10 * sum, weight: 10 }));
    expect(hierarchicalBootstrap([tenfold], 'same').low).toBeCloseTo(
      hierarchicalBootstrap([single], 'same').low,
      12,
    );
  });

  test('ends its interval where a mean cannot be', () => {
    const seeds = [all(1, 1), all(0, 1)];
    expect(hierarchicalBootstrap(seeds, 'limits').high).toBeGreaterThan(1);
    const { low, high } = hierarchicalBootstrap(seeds, 'limits', [0, 1]);
    expect([low, high]).toEqual([0, 1]);
  });

  test('is decided by its name', () => {
    const data = [all(0, 1, 1), all(1, 0)];
    expect(hierarchicalBootstrap(data, 'a')).toEqual(hierarchicalBootstrap(data, 'a'));
  });
});
