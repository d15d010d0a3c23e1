import * as tf from '@tensorflow/tfjs-core';
import { CACHE_APPEND_TENSORFLOW } from './decode-attention/tensorflow.js';
import { DROPOUT_FACTORS_TENSORFLOW } from './dropout-factors/tensorflow.js';
import { EMBEDDING_LOOKUP_TENSORFLOW } from './embedding-lookup/tensorflow.js';
import { GATHER_TENSORFLOW } from './gather-tensorflow.js';
import { ROTARY_TENSORFLOW } from './rotary/tensorflow.js';
import { SAMPLE_TOKENS_TENSORFLOW } from './sample-tokens/tensorflow.js';
import { TARGET_LOG_PROBS_TENSORFLOW, TOKEN_LOG_PROBS_TENSORFLOW } from './token-log-probs/tensorflow.js';
import { TREE_ATTENTION_TENSORFLOW } from './tree-attention/tensorflow.js';

const KERNELS = [
  ...GATHER_TENSORFLOW,
  ...DROPOUT_FACTORS_TENSORFLOW,
  ...EMBEDDING_LOOKUP_TENSORFLOW,
  ...TREE_ATTENTION_TENSORFLOW,
  ...TARGET_LOG_PROBS_TENSORFLOW,
  ...TOKEN_LOG_PROBS_TENSORFLOW,
  ...CACHE_APPEND_TENSORFLOW,
  ...SAMPLE_TOKENS_TENSORFLOW,
  ...ROTARY_TENSORFLOW,
];

/** Registers midtrain's kernels for the tensorflow backend. Safe to call again. */
export function installTensorflowOps(): void {
  for (const { kernelName, kernelFunc } of KERNELS) {
    if (tf.getKernel(kernelName, 'tensorflow') !== undefined) tf.unregisterKernel(kernelName, 'tensorflow');
    tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}
