import * as tf from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from '../../trace/tensorflow-backend.js';
import { type TensorflowKernel, tensorflowKernel, typeAttribute } from '../tensorflow-kernel.js';
import { ADD_ROWS, addRows } from './add-rows.js';
import { chunksOf, REFERENCE_CHUNKS, rowsOfChunk } from './chunks.js';
import { type LogitsReader, readByOperations, readByOwnOperation } from './read-logits.js';
import {
  type TokenLogProbsAttributes,
  type TokenLogProbsGradientAttributes,
  type TokenLogProbsGradientInputs,
  tokenLogProbsGradientReference,
} from './reference.js';
import { TARGET_LOG_PROBS } from './target-log-probs.js';
import { TOKEN_LOG_PROBS, TOKEN_LOG_PROBS_GRADIENT } from './token-log-probs.js';

/** Most logits that a graph may keep from the forward to the backward pass, rather than compute them again. */
const MOST_KEPT = 2 ** 23;

interface Inputs {
  readonly hidden: tf.Tensor2D;
  readonly weight: tf.Tensor2D;
  readonly targetIds: tf.Tensor1D;
}

/** Some rows' logits. [C, V] */
function logitsOf(
  { hidden, weight }: Omit<Inputs, 'targetIds'>,
  start: number,
  count: number,
  temperature = 1,
): tf.Tensor2D {
  const rows: tf.Tensor2D = tf.slice(hidden, [start, 0], [count, -1]);
  const scaled = temperature === 1 ? rows : tf.div<tf.Tensor2D>(rows, temperature);
  return tf.matMul(scaled, weight, false, true);
}

const chunks = ({ hidden, weight }: Pick<Inputs, 'hidden' | 'weight'>, attributes: TokenLogProbsAttributes) =>
  chunksOf(hidden.shape[0], attributes.chunkTokens ?? rowsOfChunk(weight.shape[0], REFERENCE_CHUNKS));

/** What a graph cannot compute before the gradient is there, though its values do not depend on it. */
function notBefore(x: tf.Tensor2D, gradient: tf.Tensor, backend: TensorflowBackend): tf.Tensor2D {
  const zero = backend.executeSingleOutput(
    'ZerosLike',
    [typeAttribute('T', 'float32')],
    [tf.slice(gradient, [0], [1])],
  );
  return tf.add(x, zero);
}

/** TensorFlow's `InplaceAdd`, which writes into the matrix that it is given. */
export const ADD_ROWS_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<{ x: tf.Tensor; rowIds: tf.Tensor; rows: tf.Tensor }>(ADD_ROWS, ({ inputs, backend }) =>
    backend.executeSingleOutput(
      'InplaceAdd',
      [typeAttribute('T', 'float32')],
      [inputs.x, inputs.rowIds, inputs.rows],
    ),
  ),
];

/**
 * `targetLogProbs`, and `tokenLogProbs` some rows at a time, in few passes over the logits. Entropies' gradients are the
 * reference's.
 */
const logProbsBy = (readerOf: (backend: TensorflowBackend) => LogitsReader): readonly TensorflowKernel[] => [
  tensorflowKernel<Inputs>(TARGET_LOG_PROBS, ({ inputs, backend }) =>
    tf.tidy(() => [
      ...readerOf(backend).targets(logitsOf(inputs, 0, inputs.hidden.shape[0]), inputs.targetIds),
    ]),
  ),
  tensorflowKernel<Inputs, TokenLogProbsAttributes>(TOKEN_LOG_PROBS, ({ inputs, attributes, backend }) =>
    tf.tidy(() => {
      const parts = chunks(inputs, attributes).map(([start, count]) =>
        tf.tidy(() => {
          const targets: tf.Tensor1D = tf.slice(inputs.targetIds, [start], [count]);
          return [
            ...readerOf(backend).columns(logitsOf(inputs, start, count, attributes.temperature), targets),
          ];
        }),
      );
      return [0, 1, 2, 3].map((output) => {
        const rows = parts.map((part) => part[output]);
        if (rows.length === 0) return tf.zeros([0], output === 2 ? 'int32' : 'float32');
        return rows.length === 1 ? rows[0] : tf.concat(rows);
      });
    }),
  ),
  tensorflowKernel<TokenLogProbsGradientInputs, TokenLogProbsGradientAttributes>(
    TOKEN_LOG_PROBS_GRADIENT,
    ({ inputs, attributes, backend }) => {
      const { temperature, entropyGradient, weightGradient } = attributes;
      if (entropyGradient || inputs.hidden.shape[0] === 0) {
        return tokenLogProbsGradientReference(inputs, attributes);
      }
      return tf.tidy(() => {
        const { weight, targetIds, logProbGradient } = inputs as TokenLogProbsGradientInputs & Inputs;
        const all = inputs.hidden as tf.Tensor2D;
        const kept = all.shape[0] * weight.shape[0] <= MOST_KEPT;
        const hidden = kept ? all : notBefore(all, logProbGradient, backend);
        const gradient_N_1 = tf.div(tf.reshape(logProbGradient, [-1, 1]), temperature);
        // dz = g·(one-hot − softmax); g is applied to narrow factors, so that nothing of size C·V is written again.
        let away_V_D: tf.Tensor2D | undefined;
        const away = chunks({ hidden, weight }, attributes).map(([start, count]) => {
          const [rows, total] = tf.tidy(() => {
            const p = readerOf(backend).softmax(logitsOf({ hidden, weight }, start, count, temperature));
            const away_C_D = tf.matMul(p, weight);
            if (!weightGradient) return [away_C_D];
            const weighted = tf.mul<tf.Tensor2D>(
              tf.slice(hidden, [start, 0], [count, -1]),
              tf.slice(gradient_N_1, [start, 0], [count, 1]),
            );
            const part: tf.Tensor2D = tf.matMul(p, tf.neg(weighted), true, false);
            return [away_C_D, away_V_D ? tf.add<tf.Tensor2D>(away_V_D, part) : part];
          });
          away_V_D?.dispose();
          away_V_D = total;
          return rows as tf.Tensor2D;
        });
        const away_N_D = away.length === 1 ? away[0] : tf.concat(away, 0);
        const dHidden = tf.mul(tf.sub(tf.gather(weight, targetIds), away_N_D), gradient_N_1);
        if (!away_V_D) return [dHidden];
        return [dHidden, addRows(away_V_D, targetIds, tf.mul(all, gradient_N_1))];
      });
    },
  ),
];

export const TOKEN_LOG_PROBS_TENSORFLOW = logProbsBy(readByOperations);

/** The same where the binding has `SPREAD_LOGITS`. */
export const TOKEN_LOG_PROBS_OWN = logProbsBy(readByOwnOperation);
