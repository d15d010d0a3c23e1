import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** A backend, and what is registered on it when a case runs. */
export interface Candidate {
  readonly name: string;
  /** Makes it the current backend. */
  readonly use: () => Promise<void>;
}

async function use(backend: string): Promise<void> {
  await tf.setBackend(backend);
  if (tf.getBackend() !== backend) throw new Error(`backend ${backend} did not start`);
}

/** Where the references define what is right: plain tfjs operations, computed in float64, stored in float32. */
export const useReference = (): Promise<void> => use('cpu');

/** Every backend of this machine that must agree with the reference. */
export async function candidates(): Promise<Candidate[]> {
  return [{ name: 'wasm, references', use: () => use('wasm') }];
}
