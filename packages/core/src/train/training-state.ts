import type { AdamWState } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { CheckpointError } from '../checkpoint/checkpoint-error.js';
import { sizeOfShape } from '../model-files/named-tensor.js';
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

/** What decides the order of a run's documents: a state of another goes on as a run that never was. */
export interface RunOrigin {
  readonly seed: number;
  /** How many documents, or questions, the run has. */
  readonly documents: number;
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
  /** Absent in states of earlier versions. */
  readonly origin?: RunOrigin;
}

const count = z.number().int().nonnegative();
const progressSchema = z.looseObject({
  step: count,
  optimiserStep: count,
  random: z.record(z.string(), z.array(z.number())),
  origin: z.object({ seed: z.number(), documents: count }).optional(),
});

/**
 * A value that comes from outside, as a run's progress.
 *
 * @param place for errors
 * @throws CheckpointError naming the field
 */
export function requireProgress(place: string, value: unknown): TrainingProgress {
  const parsed = progressSchema.safeParse(value);
  if (parsed.success) return value as TrainingProgress;
  const { path, message } = parsed.error.issues[0];
  throw new CheckpointError(
    `${[place, ...path].join('.')}: ${message}; give what writeTrainingState() wrote, or what state() of a step's report gave`,
    { cause: parsed.error },
  );
}

/** What a state's tensors are to be, by their names in it. */
const variablesOf = (policy: Policy, state: AdamWState): ReadonlyMap<string, tf.Variable> =>
  new Map(
    Object.entries({
      policy: policy.parameters,
      firstMoment: state.firstMoment,
      secondMoment: state.secondMoment,
    }).flatMap(([prefix, variables]) =>
      Object.entries(variables).map(([name, variable]) => [`${prefix}/${name}`, variable] as const),
    ),
  );

function requireFitting(variables: ReadonlyMap<string, tf.Variable>, saved: TrainingState['tensors']): void {
  const refuse = (name: string, what: string) => {
    throw new CheckpointError(
      `resume: tensor ${name}: ${what}; go on with the model and the adapter's settings that the run was started with`,
    );
  };
  for (const [name, { shape }] of variables) {
    const expected = `expected float32 [${shape.join(', ')}] by the policy`;
    if (!Object.hasOwn(saved, name)) refuse(name, `is missing, ${expected}`);
    const { shape: actual, data } = saved[name];
    if (actual.join() !== shape.join()) refuse(name, `is [${actual.join(', ')}], ${expected}`);
    if (!(data instanceof Float32Array)) refuse(name, `holds no float32, ${expected}`);
    if (data.length !== sizeOfShape(shape)) refuse(name, `has ${data.length} values, ${expected}`);
  }
  for (const name of Object.keys(saved)) {
    if (!variables.has(name)) refuse(name, 'is there, but the policy has no such parameter');
  }
}

/** Copies weights and moments to the host. */
export async function captureTensors(policy: Policy, state: AdamWState): Promise<Record<string, HostTensor>> {
  const entries = [...variablesOf(policy, state)].map(async ([name, variable]) => {
    const data = Float32Array.from(await variable.data<'float32'>());
    return [name, { shape: variable.shape, data }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function requireOrigin(saved: RunOrigin, own: RunOrigin): void {
  for (const field of ['seed', 'documents'] as const) {
    if (saved[field] === own[field]) continue;
    throw new CheckpointError(
      `resume: ${field}: the run was started with ${saved[field]}, and this one has ${own[field]}; go on with the seed and the documents that it was started with`,
    );
  }
}

/**
 * Puts saved weights and moments back into the policy and the optimiser. Checks that all of them fit, and that the state
 * is of this run, before the first is changed.
 *
 * @throws CheckpointError naming the tensor or the field that does not fit
 */
export function restoreTensors(
  policy: Policy,
  state: AdamWState,
  saved: TrainingState,
  own: RunOrigin,
): void {
  const { optimiserStep, origin } = requireProgress('resume.progress', saved.progress);
  if (origin) requireOrigin(origin, own);
  const variables = variablesOf(policy, state);
  requireFitting(variables, saved.tensors);
  for (const [name, variable] of variables) {
    const { shape, data } = saved.tensors[name];
    tf.tidy(() => variable.assign(tf.tensor(data, [...shape], 'float32')));
  }
  state.step = optimiserStep;
}
