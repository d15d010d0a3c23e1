import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { BackendUnavailableError, selectBackend } from '../../backend/index.js';
import { nativeStatus } from '../../native/index.js';
import { prepareTfjs } from '../../tfjs/prepare-tfjs.js';
import { installTensorflowOps } from '../install-tensorflow.js';
import { installWasmOps } from '../install-wasm.js';

/** A backend, and what is registered on it when a case runs. */
export interface Candidate {
  readonly name: string;
  /** Makes it the current backend. */
  readonly use: () => Promise<void>;
}

async function use(backend: string): Promise<void> {
  await prepareTfjs();
  if (!(await tf.setBackend(backend))) throw new Error(`backend ${backend} did not start`);
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

const tensorflow = (name: string, own: boolean): Candidate => ({
  name,
  async use() {
    await use('tensorflow');
    installTensorflowOps({ own });
  },
});

/** Backends that are brought along from elsewhere; they join where they are there and start. */
const OPTIONAL = ['tensorflow', 'webgpu'] as const;

async function installed(backend: (typeof OPTIONAL)[number]): Promise<Candidate[]> {
  try {
    await selectBackend({ backend });
  } catch (error) {
    if (error instanceof BackendUnavailableError) return [];
    throw error;
  }
  if (backend === 'webgpu') return [{ name: backend, use: () => use(backend) }];
  return [tensorflow('tensorflow', true), tensorflow('tensorflow without operations of ours', false)];
}

/** Every backend of this machine that must agree with the reference. */
export async function candidates(): Promise<Candidate[]> {
  const optional: Candidate[] = [];
  for (const backend of OPTIONAL) optional.push(...(await installed(backend)));
  return [
    wasm('wasm without the native engine', false),
    ...(nativeStatus().ok ? [wasm('wasm with the native engine', true)] : []),
    ...optional,
  ];
}
