/** A box of elements: where it starts in memory and how far apart its elements are along each axis. */
export interface Box {
  readonly offset: number;
  readonly strides: readonly number[];
}

type Memory = Int32Array | Uint8Array;

interface Axis {
  size: number;
  from: number;
  to: number;
}

// Below this many elements a loop is faster than a call of copyWithin (measured: they meet at about 48).
const SHORT_RUN = 48;

/** Axes with more than one element, neighbours joined where both boxes are contiguous across them. */
function joined(shape: readonly number[], from: readonly number[], to: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 1) continue;
    const axis = { size: shape[i], from: from[i], to: to[i] };
    const outer = axes[axes.length - 1];
    if (outer && outer.from === axis.from * axis.size && outer.to === axis.to * axis.size) {
      axes[axes.length - 1] = { ...axis, size: axis.size * outer.size };
    } else {
      axes.push(axis);
    }
  }
  return axes;
}

const SINGLE: Axis = { size: 1, from: 0, to: 0 };

/** The two innermost axes, in one loop without calls: most boxes are many short rows. */
function copyRows(memory: Memory, from: number, to: number, rows: Axis, run: Axis): void {
  const { size: length, from: stepFrom, to: stepTo } = run;
  const contiguous = stepFrom === 1 && stepTo === 1;
  let [readRow, writeRow] = [from, to];
  for (let row = 0; row < rows.size; row++) {
    if (contiguous && length >= SHORT_RUN) {
      memory.copyWithin(writeRow, readRow, readRow + length);
    } else if (contiguous) {
      const shift = writeRow - readRow;
      const end = readRow + length;
      for (let read = readRow; read < end; read++) memory[read + shift] = memory[read];
    } else {
      let [read, write] = [readRow, writeRow];
      for (let i = 0; i < length; i++) {
        memory[write] = memory[read];
        read += stepFrom;
        write += stepTo;
      }
    }
    readRow += rows.from;
    writeRow += rows.to;
  }
}

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/**
 * Copies a box of `shape` elements within one memory. Offsets and strides count the memory's elements; a stride of
 * 0 repeats. The boxes must not overlap.
 */
export function copyBox(memory: Memory, shape: readonly number[], source: Box, target: Box): void {
  if (shape.includes(0)) return;
  const axes = joined(shape, source.strides, target.strides);
  const run = axes.pop() ?? { ...SINGLE, from: 1, to: 1 };
  const rows = axes.pop() ?? SINGLE;
  const index = new Array<number>(axes.length).fill(0);
  let [from, to] = [source.offset, target.offset];
  for (;;) {
    copyRows(memory, from, to, rows, run);
    let axis = axes.length - 1;
    for (; axis >= 0; axis--) {
      const { size, from: stepFrom, to: stepTo } = axes[axis];
      from += stepFrom;
      to += stepTo;
      index[axis] += 1;
      if (index[axis] < size) break;
      index[axis] = 0;
      from -= stepFrom * size;
      to -= stepTo * size;
    }
    if (axis < 0) return;
  }
}
