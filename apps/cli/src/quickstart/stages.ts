import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pretrainConfig } from '../config/pretrain-config.js';
import { trainConfig } from '../config/train-config.js';
import { packageFile } from '../package-file.js';
import { openRun } from '../run/open-run.js';

/** What comes along with the command. */
export const ASSETS = packageFile('assets/');

const configOf = (name: string): string => fileURLToPath(new URL(`quickstart/${name}.yaml`, ASSETS));

/** What the quickstart was asked for. */
export interface QuickstartRequest {
  /** The run's folder; the base and the baseline lie in folders of it. */
  readonly folder: string;
  readonly seed: number;
  /** The whole path in under a minute, to see that it works: too little to learn from. */
  readonly quick: boolean;
}

const QUICK = {
  base: ['steps=12', 'batch.documents=4', 'corpus.maxTokens=160'],
  rmt: ['steps=4', 'batch.documents=2', 'batch.positions=4', 'batch.groupSize=4', 'corpus.maxTokens=160'],
  continued: ['steps=4', 'batch.documents=2', 'corpus.maxTokens=160'],
};

/** Its three runs, each a configuration that `pretrain` or `train` takes as well; each goes on where it stopped. */
export async function openStages({ folder, seed, quick }: QuickstartRequest) {
  const base = join(folder, 'base');
  const continued = join(folder, 'continued');
  const set = (stage: keyof typeof QUICK, output: string, ...more: string[]) => ({
    config: configOf(stage),
    resume: output,
    overrides: [`output=${JSON.stringify(output)}`, `seed=${seed}`, ...more, ...(quick ? QUICK[stage] : [])],
  });
  const model = `model=${JSON.stringify(join(base, 'model'))}`;
  return {
    base: await openRun(set('base', base), pretrainConfig),
    rmt: await openRun(set('rmt', folder, model), trainConfig),
    continued: await openRun(set('continued', continued, model), pretrainConfig),
  };
}

export type Stages = Awaited<ReturnType<typeof openStages>>;
