import { requireProgress, type TrainingState } from '../train/training-state.js';
import { readLatestCheckpoint } from './read-checkpoint.js';
import { type WriteCheckpointOptions, writeCheckpoint } from './write-checkpoint.js';

/**
 * Writes what a step's report gives by `state()` as the run's checkpoint of that step, for {@link readTrainingState}.
 *
 * @returns the checkpoint's folder
 * @throws CheckpointError, DiskFullError, WriteError, as `writeCheckpoint` does
 */
export async function writeTrainingState(
  runDirectory: string,
  { tensors, progress }: TrainingState,
  options?: WriteCheckpointOptions,
): Promise<string> {
  return writeCheckpoint(runDirectory, progress.step, { tensors, state: progress }, options);
}

/**
 * Reads a run's newest complete checkpoint, for `resume`.
 *
 * @returns undefined where there is none yet
 * @throws CheckpointError where it is damaged, or holds no state of training
 */
export async function readTrainingState(runDirectory: string): Promise<TrainingState | undefined> {
  const checkpoint = await readLatestCheckpoint(runDirectory);
  if (!checkpoint) return undefined;
  const { directory, tensors, state } = checkpoint;
  return { tensors, progress: requireProgress(`${directory}: state`, state) };
}
