import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory, writeFileAtomic, writeJsonFile } from '../files/write-atomically.js';
import { writing } from '../files/write-error.js';
import type { NamedTensors } from '../model-files/tensor-source.js';
import { writeSafetensors } from '../model-files/write-safetensors.js';
import { checkpointSteps, checkpointsOf, namesIn } from './checkpoint-directory.js';
import { digestFiles, MANIFEST_FILE, type Manifest, STATE_FILE, TENSORS_FILE } from './manifest.js';
import { stateJson } from './state-json.js';

/** All that a run needs to go on from here. */
export interface CheckpointContent {
  /** Weights and optimiser moments, float32. */
  readonly tensors: NamedTensors;
  /** Everything else, JSON-safe: steps done, generators' states, the place in the corpus. */
  readonly state: unknown;
}

export interface WriteCheckpointOptions {
  /** How many of the newest checkpoints stay, this one included; default 3. */
  readonly keep?: number;
}

const SUFFIX = '.partial';

/** A name beside the finished ones, which nothing reads and the next write cleans up. */
const besideName = (step: number) => `.step-${step}.${randomUUID()}${SUFFIX}`;

async function removeLeftovers(checkpoints: string): Promise<void> {
  for (const name of await namesIn(checkpoints)) {
    if (name.startsWith('.step-') && name.endsWith(SUFFIX)) {
      await rm(join(checkpoints, name), { recursive: true, force: true });
    }
  }
}

/** Takes a checkpoint out of sight in one step, so that one half removed is never read. */
async function hide(checkpoints: string, step: number): Promise<void> {
  await rename(join(checkpoints, `step-${step}`), join(checkpoints, besideName(step)));
}

/**
 * Writes `checkpoints/step-N/` of a run: into a folder beside its place, flushed to the disk, with sizes and hashes, and
 * renamed when whole. A process killed at any moment leaves the checkpoints before this one as they were. One of the
 * same step is replaced; of the others the newest stay. One process at a time may write to a run.
 *
 * @param step steps done, ≥ 0
 * @returns the checkpoint's folder
 * @throws CheckpointError where the state is too large to be read again; DiskFullError, WriteError
 */
export async function writeCheckpoint(
  runDirectory: string,
  step: number,
  content: CheckpointContent,
  options: WriteCheckpointOptions = {},
): Promise<string> {
  const { keep = 3 } = options;
  if (!Number.isSafeInteger(step) || step < 0)
    throw new RangeError(`step: is ${step}, expected a whole number ≥ 0`);
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new RangeError(`keep: is ${keep}, expected a whole number ≥ 1`);
  const checkpoints = checkpointsOf(runDirectory);
  const place = join(checkpoints, `step-${step}`);
  const beside = join(checkpoints, besideName(step));

  await writing(place, async () => {
    await mkdir(checkpoints, { recursive: true });
    await removeLeftovers(checkpoints);
    try {
      await writeFileAtomic(join(beside, STATE_FILE), stateJson(place, content.state));
      await writeSafetensors(join(beside, TENSORS_FILE), content.tensors);
      const manifest: Manifest = { format: 1, step, files: await digestFiles(beside) };
      await writeJsonFile(join(beside, MANIFEST_FILE), manifest);
      if ((await checkpointSteps(runDirectory)).includes(step)) await hide(checkpoints, step);
      await rename(beside, place);
    } catch (error) {
      await rm(beside, { recursive: true, force: true });
      throw error;
    }
    await syncDirectory(checkpoints);
    for (const old of (await checkpointSteps(runDirectory)).slice(0, -keep)) {
      if (old !== step) await hide(checkpoints, old);
    }
    await removeLeftovers(checkpoints);
  });
  return place;
}
