import type * as tf from '@tensorflow/tfjs-core';
import { dispatch } from '../dispatch.js';
import { requireInput } from '../operation-input-error.js';
import { withGradient } from '../with-gradient.js';
import { embeddingLookupGradientReference, embeddingLookupReference } from './reference.js';

/** Inputs weight [V, D], tokenIds [N] int32; output [N, D]. */
export const EMBEDDING_LOOKUP = 'MidtrainEmbeddingLookup';
/** Inputs tokenIds [N] int32, gradient [N, D]; attribute vocabularySize V; output dweight [V, D]. */
export const EMBEDDING_LOOKUP_GRADIENT = 'MidtrainEmbeddingLookupGradient';

/**
 * Rows of an embedding table. Differentiable in the table; its gradient adds up the rows of tokens that repeat.
 *
 * Where ids are read on the host (`wasm`, `cpu`) an id outside 0..V−1 throws. Backends that read them on a device
 * do not: `tensorflow` fails in its own words, `webgpu` gives zeros.
 *
 * @param weight_V_D float32
 * @param tokenIds_N int32, 0..V−1
 * @returns [N, D]
 * @throws {OperationInputError} when the shapes or dtypes do not fit; on `wasm`, naming the place and the id, when
 *   an id is out of range
 */
export function embeddingLookup(weight_V_D: tf.Tensor2D, tokenIds_N: tf.Tensor1D): tf.Tensor2D {
  requireInput(
    weight_V_D.shape.length === 2 && tokenIds_N.shape.length === 1 && tokenIds_N.dtype === 'int32',
    () =>
      `embeddingLookup: expected weight [V, D] and int32 tokenIds [N], got [${weight_V_D.shape}] and ${tokenIds_N.dtype} [${tokenIds_N.shape}]`,
  );
  const vocabularySize = weight_V_D.shape[0];
  return withGradient<tf.Tensor2D>([weight_V_D], {
    forward() {
      const inputs = { weight: weight_V_D, tokenIds: tokenIds_N };
      const [value] = dispatch(EMBEDDING_LOOKUP, inputs, {}, () =>
        embeddingLookupReference(weight_V_D, tokenIds_N),
      );
      return { value: value as tf.Tensor2D, saved: [tokenIds_N] };
    },
    backward: (gradient, [tokenIds]) =>
      dispatch(EMBEDDING_LOOKUP_GRADIENT, { tokenIds, gradient }, { vocabularySize }, () =>
        embeddingLookupGradientReference(tokenIds, gradient, vocabularySize),
      ),
  });
}
