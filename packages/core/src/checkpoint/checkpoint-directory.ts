import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const STEP = /^step-(0|[1-9]\d{0,14})$/;

/** Where a run keeps its checkpoints. */
export function checkpointsOf(runDirectory: string): string {
  return join(runDirectory, 'checkpoints');
}

/** Names in a run's checkpoint folder; none where there is no folder yet. */
export async function namesIn(checkpoints: string): Promise<readonly string[]> {
  try {
    return await readdir(checkpoints);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Steps of a run's complete checkpoints, from the oldest to the newest. Folders still being written have other names.
 */
export async function checkpointSteps(runDirectory: string): Promise<readonly number[]> {
  const steps = (await namesIn(checkpointsOf(runDirectory))).flatMap((name) => {
    const step = STEP.exec(name)?.[1];
    return step === undefined ? [] : [Number(step)];
  });
  return steps.sort((a, b) => a - b);
}
