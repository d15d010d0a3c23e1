import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../files/read-json-file.js';
import type { NamedTensor } from '../model-files/named-tensor.js';
import { readSafetensors } from '../model-files/read-safetensors.js';
import { checkpointSteps, checkpointsOf } from './checkpoint-directory.js';
import { CheckpointError } from './checkpoint-error.js';
import {
  digestFiles,
  MANIFEST_FILE,
  type Manifest,
  manifestSchema,
  STATE_FILE,
  TENSORS_FILE,
} from './manifest.js';
import { MAX_STATE_BYTES } from './state-json.js';

/** A checkpoint as it was written. */
export interface Checkpoint {
  readonly step: number;
  /** Its folder. */
  readonly directory: string;
  readonly tensors: Readonly<Record<string, NamedTensor>>;
  readonly state: unknown;
}

const ADVICE = 'remove this checkpoint to go on from the one before';

function damaged(directory: string, what: string, cause?: unknown): CheckpointError {
  return new CheckpointError(`${directory}: ${what}; ${ADVICE}`, { cause });
}

function checkFiles(directory: string, manifest: Manifest, actual: Manifest['files']): void {
  for (const name of [TENSORS_FILE, STATE_FILE] as const) {
    const expected = manifest.files[name];
    if (actual[name].bytes !== expected.bytes) {
      throw damaged(directory, `${name} has ${actual[name].bytes} bytes, expected ${expected.bytes}`);
    }
    if (actual[name].sha256 !== expected.sha256) {
      throw damaged(directory, `${name} is not what was written (its SHA-256 differs)`);
    }
  }
}

/** Reads the checkpoint of one step, and checks it against its manifest. @throws CheckpointError where it is damaged */
export async function readCheckpoint(runDirectory: string, step: number): Promise<Checkpoint> {
  const directory = join(checkpointsOf(runDirectory), `step-${step}`);
  const makeError = (message: string, options?: ErrorOptions) =>
    new CheckpointError(`${message}; ${ADVICE}`, options);
  const manifest = await readJsonFile(join(directory, MANIFEST_FILE), manifestSchema, makeError);
  if (manifest.step !== step) throw damaged(directory, `its manifest is of step ${manifest.step}`);
  const actual = await digestFiles(directory).catch((cause: Error) => {
    throw damaged(directory, `cannot be read (${cause.message})`, cause);
  });
  checkFiles(directory, manifest, actual);

  const tensors: [string, NamedTensor][] = [];
  for await (const pair of readSafetensors(join(directory, TENSORS_FILE))) tensors.push(pair);
  // As large as it was written, which its hash has shown it to be.
  const { bytes } = manifest.files[STATE_FILE];
  const maxBytes = Math.min(bytes, MAX_STATE_BYTES);
  const state = await readJsonFile(join(directory, STATE_FILE), z.unknown(), makeError, maxBytes);
  return { step, directory, tensors: Object.fromEntries(tensors), state };
}

/**
 * Reads a run's newest complete checkpoint; one whose writing was cut off does not count.
 *
 * @returns undefined where there is none yet
 * @throws CheckpointError where the newest is damaged: going back further is for a person to decide
 */
export async function readLatestCheckpoint(runDirectory: string): Promise<Checkpoint | undefined> {
  const newest = (await checkpointSteps(runDirectory)).at(-1);
  return newest === undefined ? undefined : readCheckpoint(runDirectory, newest);
}
