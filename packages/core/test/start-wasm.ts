import '@tensorflow/tfjs-backend-wasm';
import { installWasmKernels, installWasmOps, prepareTfjs } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** The embedded default backend. */
export async function startWasm(): Promise<void> {
  await prepareTfjs();
  await tf.setBackend('wasm');
  await tf.ready();
  installWasmOps({ native: installWasmKernels().ok });
}
