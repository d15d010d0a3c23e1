import type * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { requireInput } from '../operation-input-error.js';
import { withGradient } from '../with-gradient.js';
import { swiGluGradientReference, swiGluReference } from './reference.js';

/** Inputs gate and up [N, F]; output [N, F]. */
export const SWI_GLU = 'MidtrainSwiGlu';
/** Inputs gate, up and gradient [N, F]; outputs dgate and dup [N, F]. */
export const SWI_GLU_GRADIENT = 'MidtrainSwiGluGradient';

/**
 * The gated unit of the Llama and Qwen feed-forward layers: silu(gate) · up, silu(x) = x · σ(x) (arXiv:2002.05202).
 * Differentiable in both.
 *
 * @param gate_N_F float32
 * @param up_N_F float32, gate's shape
 * @returns [N, F]
 * @throws {OperationInputError} when the shapes differ
 */
export function swiGlu(gate_N_F: tf.Tensor2D, up_N_F: tf.Tensor2D): tf.Tensor2D {
  requireInput(
    gate_N_F.shape.length === 2 && `${gate_N_F.shape}` === `${up_N_F.shape}`,
    () => `swiGlu: expected gate and up of one shape [N, F], got [${gate_N_F.shape}] and [${up_N_F.shape}]`,
  );
  return withGradient<tf.Tensor2D>([gate_N_F, up_N_F], {
    forward() {
      const inputs = { gate: gate_N_F, up: up_N_F };
      const [value] = dispatch(SWI_GLU, inputs, {}, () => swiGluReference(gate_N_F, up_N_F));
      return { value: value as tf.Tensor2D, saved: [gate_N_F, up_N_F] };
    },
    backward: (gradient, [gate, up]) =>
      dispatch(SWI_GLU_GRADIENT, { gate, up, gradient }, {}, () =>
        swiGluGradientReference(gate, up, gradient),
      ),
  });
}
