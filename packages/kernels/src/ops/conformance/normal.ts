import type { Values } from './evaluate.js';
import { normals } from './random.js';

/** Numbers of mean 0 and standard deviation `scale` in a shape. */
export const normal = (shape: readonly number[], seed: number, scale = 1): Values => ({
  shape,
  values: normals(
    shape.reduce((size, length) => size * length, 1),
    seed,
    scale,
  ),
});
