import type { AdamWState } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';

/** A tensor on the host. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Everything a run needs to go on as if it had not stopped. */
export interface TrainingState {
  /** Weights under `policy/`, moments under `firstMoment/` and `secondMoment/`, each by parameter name. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
  /** JSON-safe: the next step, the generators' states, the place in the corpus, the components' own. */
  readonly progress: TrainingProgress;
}

/** The part of a training state that is not tensors. */
export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  readonly optimiserStep: number;
  /** State of each random stream, by name. */
  readonly random: Readonly<Record<string, readonly number[]>>;
  /** State of the difficulty signal, where it has one. */
  readonly difficulty?: unknown;
}

type Variables = Readonly<Record<string, tf.Variable>>;

async function read(prefix: string, variables: Variables): Promise<Record<string, HostTensor>> {
  const entries = Object.entries(variables).map(async ([name, variable]) => {
    const data = Float32Array.from(await variable.data<'float32'>());
    return [`${prefix}/${name}`, { shape: variable.shape, data }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function assign(prefix: string, variables: Variables, tensors: TrainingState['tensors']): void {
  for (const [name, variable] of Object.entries(variables)) {
    const saved = tensors[`${prefix}/${name}`];
    tf.tidy(() => variable.assign(tf.tensor(saved.data, [...saved.shape])));
  }
}

/** Copies weights and moments to the host. */
export async function captureTensors(policy: Policy, state: AdamWState): Promise<Record<string, HostTensor>> {
  return {
    ...(await read('policy', policy.parameters)),
    ...(await read('firstMoment', state.firstMoment)),
    ...(await read('secondMoment', state.secondMoment)),
  };
}

/** Puts saved weights and moments back into the policy and the optimiser. */
export function restoreTensors(policy: Policy, state: AdamWState, saved: TrainingState): void {
  assign('policy', policy.parameters, saved.tensors);
  assign('firstMoment', state.firstMoment, saved.tensors);
  assign('secondMoment', state.secondMoment, saved.tensors);
  state.step = saved.progress.optimiserStep;
}
