import type * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from '../dispatch.js';
import type { SegmentPlan } from './segment-plan.js';

/** Inputs q [N, H, D], k and v [M, K, D], segments and runs as in `SegmentPlan`, attribute scale; output [N, H, D]. */
export const SEGMENT_ATTENTION = 'MidtrainSegmentAttention';
/** The same and the output's gradient as `gradient`; outputs dq, dk and dv. */
export const SEGMENT_ATTENTION_GRADIENT = 'MidtrainSegmentAttentionGradient';

/** Whether the current backend attends by lists of segments, forward and backward. */
export const attendsBySegments = (): boolean =>
  hasKernel(SEGMENT_ATTENTION) && hasKernel(SEGMENT_ATTENTION_GRADIENT);

interface Attended {
  readonly q: tf.Tensor;
  readonly k: tf.Tensor;
  readonly v: tf.Tensor;
}

/** The attention's output in packed rows, [N, H, D]. */
export const segmentAttentionForward = (
  { q, k, v }: Attended,
  { segments, runs }: SegmentPlan,
  scale: number,
): tf.Tensor3D => runKernel(SEGMENT_ATTENTION, { q, k, v, segments, runs }, { scale })[0] as tf.Tensor3D;

/** Gradients of q, k and v. The weights are computed again. */
export const segmentAttentionBackward = (
  { q, k, v, gradient }: Attended & { readonly gradient: tf.Tensor },
  { segments, runs }: SegmentPlan,
  scale: number,
): tf.Tensor3D[] =>
  runKernel(SEGMENT_ATTENTION_GRADIENT, { q, k, v, gradient, segments, runs }, { scale }) as tf.Tensor3D[];
