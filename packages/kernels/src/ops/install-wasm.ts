import * as tf from '@tensorflow/tfjs-core';
import type { WasmKernel } from '../wasm/wasm-kernel.js';
import { ADAM_W_WASM } from './adam-w/wasm.js';
import { CLIP_GRADIENTS_WASM } from './clip-gradients/wasm.js';
import { CACHE_APPEND_WASM, DECODE_ATTENTION_WASM } from './decode-attention/wasm.js';
import { EMBEDDING_LOOKUP_WASM } from './embedding-lookup/wasm.js';
import { RMS_NORM_WASM } from './rms-norm/wasm.js';
import { ROTARY_WASM } from './rotary/wasm.js';
import { SAMPLE_TOKENS_WASM } from './sample-tokens/wasm.js';
import { SWI_GLU_WASM } from './swi-glu/wasm.js';
import { TOKEN_LOG_PROBS_WASM } from './token-log-probs/wasm.js';
import { TREE_ATTENTION_WASM } from './tree-attention/wasm.js';

/** Kernels that need nothing but the wasm heap. */
const PLAIN: readonly WasmKernel[] = [...ADAM_W_WASM, ...EMBEDDING_LOOKUP_WASM, ...CACHE_APPEND_WASM];

/** Kernels that run graphs on the native engine. */
const NATIVE: readonly WasmKernel[] = [
  ...RMS_NORM_WASM,
  ...ROTARY_WASM,
  ...SWI_GLU_WASM,
  ...TOKEN_LOG_PROBS_WASM,
  ...SAMPLE_TOKENS_WASM,
  ...CLIP_GRADIENTS_WASM,
  ...TREE_ATTENTION_WASM,
  ...DECODE_ATTENTION_WASM,
];

/** What `installWasmOps` may use. */
export interface WasmOpsOptions {
  /** Whether the native engine runs here, as `nativeStatus().ok` says. Without it, its kernels are taken out again. */
  readonly native: boolean;
}

/**
 * Registers the fused operations' kernels for the wasm backend. Safe to call again, also with another answer.
 * @returns the names of the kernels now registered; operations without one run their reference
 */
export function installWasmOps({ native }: WasmOpsOptions): string[] {
  for (const { kernelName } of [...PLAIN, ...NATIVE]) uninstall(kernelName);
  const kernels = native ? [...PLAIN, ...NATIVE] : PLAIN;
  for (const { kernelName, make } of kernels) {
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: make(undefined) });
  }
  return kernels.map(({ kernelName }) => kernelName);
}

function uninstall(kernelName: string): void {
  if (tf.getKernel(kernelName, 'wasm') !== undefined) tf.unregisterKernel(kernelName, 'wasm');
}
