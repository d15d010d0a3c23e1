import { type AdamW, type AdamWState, clipByGlobalNorm } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import type { Gradients } from './gradients.js';

/** How gradients become a change of the weights. */
export interface OptimiserOptions {
  readonly adamW: AdamW;
  readonly state: AdamWState;
  /** Gradients are scaled down to this global norm; Infinity leaves them. */
  readonly clipNorm: number;
}

/** Clips and applies gradients, releases them, and returns their norm before clipping. */
export async function applyGradients(
  policy: Policy,
  gradients: Gradients,
  { adamW, state, clipNorm }: OptimiserOptions,
  learningRate: number,
): Promise<number> {
  const clipped = clipByGlobalNorm(gradients, clipNorm);
  adamW.update(policy.parameters, clipped.gradients, state, learningRate);
  const [norm] = await clipped.norm.data();
  tf.dispose([gradients, clipped.gradients as tf.NamedTensorMap, clipped.norm]);
  return norm;
}
