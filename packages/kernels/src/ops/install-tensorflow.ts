import * as tf from '@tensorflow/tfjs-core';
import { currentTensorflow } from '../trace/tensorflow-backend.js';
import { CLIP_GRADIENTS_TENSORFLOW } from './clip-gradients/tensorflow.js';
import { DECODE_ATTENTION } from './decode-attention/decode-attention.js';
import { CACHE_APPEND_TENSORFLOW, DECODE_ATTENTION_TENSORFLOW } from './decode-attention/tensorflow.js';
import { DROPOUT_FACTORS_TENSORFLOW } from './dropout-factors/tensorflow.js';
import { EMBEDDING_LOOKUP_TENSORFLOW } from './embedding-lookup/tensorflow.js';
import { GATHER_TENSORFLOW } from './gather-tensorflow.js';
import { MAT_MUL_TENSORFLOW } from './mat-mul-tensorflow.js';
import { ownOperations } from './own-operations.js';
import { DRAW_TOKEN, SAMPLE_TOKENS_OWN, SAMPLE_TOKENS_TENSORFLOW } from './sample-tokens/tensorflow.js';
import type { TensorflowKernel } from './tensorflow-kernel.js';
import { SPREAD_LOGITS } from './token-log-probs/read-logits.js';
import {
  ADD_ROWS_TENSORFLOW,
  TOKEN_LOG_PROBS_OWN,
  TOKEN_LOG_PROBS_TENSORFLOW,
} from './token-log-probs/tensorflow.js';
import { TREE_ATTENTION_TENSORFLOW } from './tree-attention/tensorflow.js';

const KERNELS = [
  ...GATHER_TENSORFLOW,
  ...MAT_MUL_TENSORFLOW,
  ...DROPOUT_FACTORS_TENSORFLOW,
  ...EMBEDDING_LOOKUP_TENSORFLOW,
  ...TREE_ATTENTION_TENSORFLOW,
  ...TOKEN_LOG_PROBS_TENSORFLOW,
  ...CACHE_APPEND_TENSORFLOW,
  ...SAMPLE_TOKENS_TENSORFLOW,
  ...ADD_ROWS_TENSORFLOW,
  ...CLIP_GRADIENTS_TENSORFLOW,
];

/** What the binding brings of its own; on other devices than the CPU its operations would have no kernel. */
function fromBinding(): readonly TensorflowKernel[] {
  const { binding } = currentTensorflow() ?? {};
  const cpuAlone = binding?.listDevices?.().every(({ type }) => type === 'CPU') ?? false;
  if (!cpuAlone) return [];
  const has = (name: string) => binding?.hasOperation?.(name) ?? false;
  return [
    ...ownOperations(has),
    ...(has(DECODE_ATTENTION) ? DECODE_ATTENTION_TENSORFLOW : []),
    ...(has(DRAW_TOKEN) ? SAMPLE_TOKENS_OWN : []),
    ...(has(SPREAD_LOGITS) ? TOKEN_LOG_PROBS_OWN : []),
  ];
}

/** What `installTensorflowOps` may use. */
export interface TensorflowOpsOptions {
  /** Whether the binding's own operations take part, where it has them. Default true. */
  readonly own?: boolean;
}

/**
 * Registers midtrain's kernels for the tensorflow backend, which is the current one. Safe to call again, also with another
 * answer: without the binding's own operations it is what runs on a GPU.
 */
export function installTensorflowOps({ own = true }: TensorflowOpsOptions = {}): void {
  const ofBinding = fromBinding();
  for (const { kernelName } of ofBinding) uninstall(kernelName);
  for (const { kernelName, kernelFunc } of [...KERNELS, ...(own ? ofBinding : [])]) {
    uninstall(kernelName);
    tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}

function uninstall(kernelName: string): void {
  if (tf.getKernel(kernelName, 'tensorflow') !== undefined) tf.unregisterKernel(kernelName, 'tensorflow');
}
