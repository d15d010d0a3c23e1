import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inParallel } from './in-parallel.js';

const collect = async <T>(results: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
};

describe('inParallel', () => {
  it('keeps the order, and never more under way than allowed', async () => {
    let running = 0;
    let most = 0;
    const items = Array.from({ length: 20 }, (_, index) => index);
    const results = await collect(
      inParallel(items, 3, async (item) => {
        running += 1;
        most = Math.max(most, running);
        await wait((item * 7) % 5);
        running -= 1;
        return item * item;
      }),
    );
    expect(results).toEqual(items.map((item) => item * item));
    expect(most).toBe(3);
  });

  it('waits for what is under way where one fails', async () => {
    let finished = 0;
    const work = async (item: number): Promise<number> => {
      await wait(item === 0 ? 1 : 10);
      if (item === 0) throw new Error('the first');
      finished += 1;
      return item;
    };
    await expect(collect(inParallel([0, 1, 2, 3, 4], 3, work))).rejects.toThrow('the first');
    expect(finished).toBe(2);
  });

  it('starts nothing more where the caller stops', async () => {
    const started: number[] = [];
    for await (const result of inParallel([0, 1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      return item;
    }))
      if (result === 1) break;
    expect(started.length).toBeLessThan(6);
  });
});
