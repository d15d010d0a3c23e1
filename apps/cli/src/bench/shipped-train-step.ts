import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Seconds of a training step of the same size, in plain operations on tfjs's wasm backend as it is shipped, in a process
 * of its own: a backend cannot be put back.
 */
export async function timeShippedTrainStep(): Promise<number> {
  const kernels = createRequire(import.meta.url).resolve('@midtrain/kernels/package.json');
  const script = join(kernels, '..', 'bench', 'train-step.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'shipped']);
  return (JSON.parse(stdout) as { readonly seconds: number }).seconds;
}
