import { describe, expect, it } from 'vitest';
import { copyBox, stridesOf } from './copy-box.js';

/** The definition: element by element, by index. */
function plain(
  shape: number[],
  from: number[],
  to: number[],
  read: number,
  write: number,
  memory: Int32Array,
) {
  const copy = memory.slice();
  const visit = (axis: number, source: number, target: number): void => {
    if (axis === shape.length) {
      copy[target] = memory[source];
      return;
    }
    for (let i = 0; i < shape[axis]; i++) visit(axis + 1, source + i * from[axis], target + i * to[axis]);
  };
  visit(0, read, write);
  return copy;
}

describe('stridesOf', () => {
  it('counts elements from the last axis up', () => {
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
    expect(stridesOf([])).toEqual([]);
  });
});

describe('copyBox', () => {
  const cases: [name: string, shape: number[], from: number[], to: number[]][] = [
    ['a contiguous block', [3, 4, 5], [20, 5, 1], [20, 5, 1]],
    ['rows out of wider rows', [6, 3], [7, 1], [3, 1]],
    ['long rows', [3, 60], [64, 1], [60, 1]],
    ['rows into wider rows', [6, 3], [3, 1], [9, 1]],
    ['a transpose', [5, 4], [1, 5], [4, 1]],
    ['a box of four axes', [2, 3, 2, 4], [120, 30, 10, 2], [24, 8, 4, 1]],
    ['axes of one element', [1, 4, 1, 3], [99, 5, 77, 1], [50, 3, 50, 1]],
    ['one element', [], [], []],
    ['a repeated row', [4, 5], [0, 1], [5, 1]],
    ['nothing', [4, 0, 5], [20, 5, 1], [20, 5, 1]],
  ];

  it.each(cases)('copies %s as an element-wise loop does', (_name, shape, from, to) => {
    const memory = Int32Array.from({ length: 1200 }, (_, i) => i + 1);
    const expected = plain(shape, from, to, 7, 700, memory);
    copyBox(memory, shape, { offset: 7, strides: from }, { offset: 700, strides: to });
    expect(memory).toEqual(expected);
  });
});
