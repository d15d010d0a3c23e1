import { describe, expect, it } from 'vitest';
import { batchBlocks } from './block-batches.js';
import { planBlocks } from './plan-blocks.js';

const documents = (...lengths: number[]) => {
  let start = 0;
  return planBlocks(
    lengths.map((length) => {
      const group = { start, lengths: [length], prefix: [] };
      start += length;
      return group;
    }),
  );
};

const starts = (batches: ReturnType<typeof batchBlocks>) =>
  batches.map((batch) => batch.map(({ queryStart }) => queryStart));

describe('batchBlocks', () => {
  it('puts blocks that are alike together, wherever they are', () => {
    expect(starts(batchBlocks(documents(140, 20, 140, 20), 2, 1e6))).toEqual([
      [0, 160],
      [70, 230],
      [140, 300],
    ]);
  });

  it('keeps to the most scores of a batch, and leaves what is larger alone', () => {
    const blocks = documents(10, 10, 10, 10, 10);
    expect(starts(batchBlocks(blocks, 2, 400))).toEqual([[0, 10], [20, 30], [40]]);
    expect(starts(batchBlocks(blocks, 3, 100)).flat()).toHaveLength(5);
    expect(batchBlocks(blocks, 3, 100)).toHaveLength(5);
  });

  it('is the same for the same blocks', () => {
    const blocks = documents(10, 10);
    expect(batchBlocks(blocks, 2, 400)).toBe(batchBlocks(blocks, 2, 400));
  });
});
