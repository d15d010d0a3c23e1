import * as tf from '@tensorflow/tfjs-core';
import { type TensorflowKernel, tensorflowKernel } from '../tensorflow-kernel.js';
import { EMBEDDING_LOOKUP_GRADIENT } from './embedding-lookup.js';

/** The gradient of `embeddingLookup` as one sum over tokens, instead of products with one-hot rows. */
export const EMBEDDING_LOOKUP_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<{ tokenIds: tf.Tensor1D; gradient: tf.Tensor }, { vocabularySize: number }>(
    EMBEDDING_LOOKUP_GRADIENT,
    ({ inputs: { tokenIds, gradient }, attributes: { vocabularySize } }) => [
      tf.unsortedSegmentSum(gradient, tokenIds, vocabularySize),
    ],
  ),
];
