import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { nativeStatus } from '../../native/index.js';
import { prepareTfjs } from '../../tfjs/prepare-tfjs.js';
import { installWasmOps } from '../install-wasm.js';

/** A backend, and what is registered on it when a case runs. */
export interface Candidate {
  readonly name: string;
  /** Makes it the current backend. */
  readonly use: () => Promise<void>;
}

async function use(backend: string): Promise<void> {
  await prepareTfjs();
  await tf.setBackend(backend);
  if (tf.getBackend() !== backend) throw new Error(`backend ${backend} did not start`);
}

/** Where the references define what is right: plain tfjs operations, computed in float64, stored in float32. */
export const useReference = (): Promise<void> => use('cpu');

const wasm = (name: string, native: boolean): Candidate => ({
  name,
  async use() {
    await use('wasm');
    installWasmOps({ native });
  },
});

/** Backends that other packages bring; they join when those packages are installed and start. */
const OPTIONAL = [
  { backend: 'tensorflow', module: '@tensorflow/tfjs-node' },
  { backend: 'webgpu', module: '@tensorflow/tfjs-backend-webgpu' },
];

async function installed(backend: string, module: string): Promise<Candidate[]> {
  try {
    await import(module);
    await use(backend);
  } catch {
    return [];
  }
  return [{ name: backend, use: () => use(backend) }];
}

/** Every backend of this machine that must agree with the reference. */
export async function candidates(): Promise<Candidate[]> {
  const optional = await Promise.all(OPTIONAL.map(({ backend, module }) => installed(backend, module)));
  return [
    wasm('wasm without the native engine', false),
    ...(nativeStatus().ok ? [wasm('wasm with the native engine', true)] : []),
    ...optional.flat(),
  ];
}
