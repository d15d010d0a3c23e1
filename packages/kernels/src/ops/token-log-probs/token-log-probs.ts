import * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { withGradient } from '../with-gradient.js';
import { tokenLogProbsGradientReference, tokenLogProbsReference } from './reference.js';
import { requireHeadInputs, requireLogProbsOptions } from './requirements.js';

/**
 * Inputs hidden [N, D], weight [V, D], targetIds [N] int32; attributes temperature, chunkTokens (may be undefined); outputs logProbs,
 * entropies, greedyIds (int32) and logNormalisers, each [N].
 */
export const TOKEN_LOG_PROBS = 'MidtrainTokenLogProbs';
/**
 * Inputs hidden, weight, targetIds, logNormalisers, entropies, logProbGradient, entropyGradient; attributes
 * temperature, chunkTokens, entropyGradient and weightGradient (booleans); outputs dhidden [N, D] and, with
 * weightGradient, dweight [V, D].
 */
export const TOKEN_LOG_PROBS_GRADIENT = 'MidtrainTokenLogProbsGradient';

/** Settings of `tokenLogProbs`. */
export interface TokenLogProbsOptions {
  /** Divides the logits; > 0. Default 1. */
  readonly temperature?: number;
  /** Rows whose logits are held at a time; a positive integer. Default: what the backend runs fastest. */
  readonly chunkTokens?: number;
  /** Whether gradients flow through `entropies` as well. Default false: they are constants. */
  readonly entropyGradient?: boolean;
  /** Whether the weight gets a gradient; false spares a third of the backward pass. Default true. */
  readonly weightGradient?: boolean;
}

/** What a policy says of each of N tokens. */
export interface TokenLogProbs {
  /** Log-probability of each target, in nats; ≤ 0; float32 [N]. */
  readonly logProbs_N: tf.Tensor1D;
  /** Entropy of the whole next-token distribution, in nats; 0..ln V; float32 [N]. */
  readonly entropies_N: tf.Tensor1D;
  /** The most likely token; int32 [N]. No gradient. */
  readonly greedyIds_N: tf.Tensor1D;
}

/**
 * Log-probabilities of given tokens, entropies (PAPER.md: H = −Σ P log P over the full vocabulary) and greedy tokens
 * of softmax(hidden · weightᵀ / temperature). The logits exist for `chunkTokens` rows at a time, in the forward pass
 * and, computed anew, in the backward pass. Differentiable in hidden and weight.
 *
 * @param hidden_N_D last hidden states; float32
 * @param weight_V_D the output head (or the tied embedding), V < 2²⁴; float32
 * @param targetIds_N int32, 0..V−1; an id out of range throws on `wasm` and gives a meaningless value elsewhere
 * @throws {OperationInputError} when shapes, dtypes or options do not fit
 */
export function tokenLogProbs(
  hidden_N_D: tf.Tensor2D,
  weight_V_D: tf.Tensor2D,
  targetIds_N: tf.Tensor1D,
  options: TokenLogProbsOptions = {},
): TokenLogProbs {
  const { temperature = 1, chunkTokens, entropyGradient = false, weightGradient = true } = options;
  requireHeadInputs('tokenLogProbs', hidden_N_D, weight_V_D, targetIds_N);
  requireLogProbsOptions(temperature, chunkTokens);
  const attributes = { temperature, chunkTokens };

  // tfjs's custom gradients have one output: the four rows travel as one tensor.
  const packed_4_N = withGradient<tf.Tensor2D>(weightGradient ? [hidden_N_D, weight_V_D] : [hidden_N_D], {
    forward() {
      const inputs = { hidden: hidden_N_D, weight: weight_V_D, targetIds: targetIds_N };
      return tf.tidy(() => {
        const outputs = dispatch(TOKEN_LOG_PROBS, inputs, attributes, () =>
          tokenLogProbsReference(hidden_N_D, weight_V_D, targetIds_N, attributes),
        );
        // tfjs stacks empty tensors into one that the cpu backend cannot slice.
        const value = (
          hidden_N_D.shape[0] === 0
            ? tf.zeros([outputs.length, 0])
            : tf.stack(outputs.map((output) => tf.cast(output, 'float32')))
        ) as tf.Tensor2D;
        return { value, saved: [hidden_N_D, weight_V_D, targetIds_N, value] };
      });
    },
    backward: (gradient_4_N, [hidden, weight, targetIds, packed]) =>
      tf.tidy(() => {
        const inputs = {
          hidden,
          weight,
          targetIds,
          entropies: row(packed, 1),
          logNormalisers: row(packed, 3),
          logProbGradient: row(gradient_4_N, 0),
          entropyGradient: row(gradient_4_N, 1),
        };
        const wanted = { ...attributes, entropyGradient, weightGradient };
        return dispatch(TOKEN_LOG_PROBS_GRADIENT, inputs, wanted, () =>
          tokenLogProbsGradientReference(inputs, wanted),
        );
      }),
  });
  return tf.tidy(() => ({
    logProbs_N: row(packed_4_N, 0),
    entropies_N: row(packed_4_N, 1),
    greedyIds_N: tf.cast(row(packed_4_N, 2), 'int32'),
  }));
}

const row = (x_R_N: tf.Tensor, index: number): tf.Tensor1D =>
  tf.reshape(tf.slice(x_R_N, [index, 0], [1, x_R_N.shape[1] as number]), [x_R_N.shape[1] as number]);
