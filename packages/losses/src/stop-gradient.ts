import { customGrad, type Tensor, zerosLike } from '@tensorflow/tfjs-core';

/**
 * The same values, through which no gradient flows back (PyTorch's `detach`). Any shape and dtype.
 * tfjs has no such operation of its own.
 */
export function stopGradient<T extends Tensor>(x: T): T {
  const detached = customGrad((input) => ({
    value: (input as Tensor).clone(),
    gradFunc: (dy: Tensor) => zerosLike(dy),
  }));
  return detached(x) as T;
}
