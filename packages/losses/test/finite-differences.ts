import { type Scalar, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';

/** Central differences of a scalar function at `values`, row-major. */
export function finiteDifferences(f: (x: Tensor2D) => Scalar, values: number[][], step = 1e-2): number[] {
  const at = (row: number, column: number, change: number): number => {
    const moved = values.map((line) => [...line]);
    moved[row][column] += change;
    return tidy(() => f(tensor2d(moved)).dataSync()[0]);
  };
  return values.flatMap((line, row) =>
    line.map((_, column) => (at(row, column, step) - at(row, column, -step)) / (2 * step)),
  );
}
