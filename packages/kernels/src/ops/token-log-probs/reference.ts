import * as tf from '@tensorflow/tfjs-core';
import { oneHotRows } from '../one-hot.js';
import { chunksOf, REFERENCE_CHUNKS, rowsOfChunk } from './chunks.js';

/** What the kernels are told besides their tensors. */
export interface TokenLogProbsAttributes {
  readonly temperature: number;
  /** The backend chooses when it is left out. */
  readonly chunkTokens?: number;
}

const rows = (x_N_D: tf.Tensor, start: number, count: number): tf.Tensor2D =>
  tf.slice(x_N_D, [start, 0], [count, -1]) as tf.Tensor2D;

const column = (x_N: tf.Tensor, start: number, count: number): tf.Tensor2D =>
  tf.reshape(tf.slice(x_N, [start], [count]), [count, 1]);

const oneHot = (ids_N: tf.Tensor, start: number, count: number, size: number): tf.Tensor =>
  oneHotRows(tf.slice(ids_N, [start], [count]), size);

const logitsOf = (hidden_C_D: tf.Tensor2D, weight_V_D: tf.Tensor, temperature: number): tf.Tensor =>
  tf.mul(tf.matMul(hidden_C_D, weight_V_D as tf.Tensor2D, false, true), 1 / temperature);

/** `tokenLogProbs` in plain tfjs operations: log-probabilities, entropies, greedy ids, log-normalisers, each [N]. */
export function tokenLogProbsReference(
  hidden_N_D: tf.Tensor,
  weight_V_D: tf.Tensor,
  targetIds_N: tf.Tensor,
  {
    temperature,
    chunkTokens = rowsOfChunk(weight_V_D.shape[0] as number, REFERENCE_CHUNKS),
  }: TokenLogProbsAttributes,
): tf.Tensor[] {
  return tf.tidy(() => {
    const chunks = chunksOf(hidden_N_D.shape[0], chunkTokens).map(([start, count]) =>
      tf.tidy(() => {
        const logits = logitsOf(rows(hidden_N_D, start, count), weight_V_D, temperature);
        const shifted = tf.sub(logits, tf.max(logits, 1, true));
        const weights = tf.exp(shifted);
        const total = tf.sum(weights, 1, true);
        const logTotal = tf.log(total);
        const target = tf.mul(shifted, oneHot(targetIds_N, start, count, weight_V_D.shape[0]));
        const expected = tf.div(tf.sum(tf.mul(weights, shifted), 1, true), total);
        return [
          tf.reshape(tf.sub(tf.sum(target, 1, true), logTotal), [count]),
          tf.reshape(tf.sub(logTotal, expected), [count]),
          tf.argMax(logits, 1),
          tf.reshape(tf.add(logTotal, tf.max(logits, 1, true)), [count]),
        ];
      }),
    );
    return [0, 1, 2, 3].map((output) => {
      const parts = chunks.map((chunk) => chunk[output] as tf.Tensor1D);
      return parts.length > 0 ? tf.concat(parts) : tf.zeros([0], output === 2 ? 'int32' : 'float32');
    });
  });
}

/** Tensors that the gradient reads. Without `entropyGradient_N` entropies count as constants. */
export interface TokenLogProbsGradientInputs extends tf.NamedTensorMap {
  readonly hidden: tf.Tensor;
  readonly weight: tf.Tensor;
  readonly targetIds: tf.Tensor;
  readonly logNormalisers: tf.Tensor;
  readonly entropies: tf.Tensor;
  readonly logProbGradient: tf.Tensor;
  readonly entropyGradient: tf.Tensor;
}

/** Which gradients are wanted. */
export interface TokenLogProbsGradientAttributes extends TokenLogProbsAttributes {
  readonly entropyGradient: boolean;
  readonly weightGradient: boolean;
}

/**
 * Gradients of hidden and, when wanted, of weight. With p = softmax(z), g and e the gradients of log-probability and
 * entropy: dz = g·(1[target] − p) − e·p·(log p + H); then dhidden = dz·W/T and dweight = dzᵀ·hidden/T, chunk by chunk.
 */
export function tokenLogProbsGradientReference(
  inputs: TokenLogProbsGradientInputs,
  attributes: TokenLogProbsGradientAttributes,
): tf.Tensor[] {
  const { hidden, weight, targetIds } = inputs;
  const { temperature, entropyGradient, weightGradient } = attributes;
  const { chunkTokens = rowsOfChunk(weight.shape[0] as number, REFERENCE_CHUNKS) } = attributes;
  return tf.tidy(() => {
    let dWeight_V_D: tf.Tensor | undefined = weightGradient ? tf.zerosLike(weight) : undefined;
    const dHidden = chunksOf(hidden.shape[0], chunkTokens).map(([start, count]) => {
      const [part, total] = tf.tidy(() => {
        const hidden_C_D = rows(hidden, start, count);
        const logits = logitsOf(hidden_C_D, weight, temperature);
        const logP = tf.sub(logits, column(inputs.logNormalisers, start, count));
        const p = tf.exp(logP);
        const target = oneHot(targetIds, start, count, weight.shape[0]);
        let dz = tf.mul(tf.sub(target, p), column(inputs.logProbGradient, start, count));
        if (entropyGradient) {
          const surprise = tf.add(logP, column(inputs.entropies, start, count));
          dz = tf.sub(dz, tf.mul(tf.mul(p, surprise), column(inputs.entropyGradient, start, count)));
        }
        const dz_C_V = tf.mul(dz, 1 / temperature) as tf.Tensor2D;
        const dHidden_C_D = tf.matMul(dz_C_V, weight as tf.Tensor2D);
        if (!dWeight_V_D) return [dHidden_C_D];
        return [dHidden_C_D, tf.add(dWeight_V_D, tf.matMul(dz_C_V, hidden_C_D, true, false))];
      });
      dWeight_V_D?.dispose();
      dWeight_V_D = total;
      return part as tf.Tensor2D;
    });
    const dHidden_N_D = dHidden.length > 0 ? tf.concat(dHidden, 0) : tf.zerosLike(hidden);
    return dWeight_V_D ? [dHidden_N_D, dWeight_V_D] : [dHidden_N_D];
  });
}
