import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as core from '../src/index.js';
import { startBackend } from './start-backend.js';
import { tinyPolicy } from './tiny-policy.js';
import { tinyRun } from './tiny-run.js';

beforeAll(startBackend);
const run = mkdtempSync(join(tmpdir(), 'run-'));
afterAll(() => rmSync(run, { recursive: true }));

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
const recipe = /\n## Checkpoints and files\n[\s\S]*?```js\n([\s\S]*?)```/.exec(readme)?.[1] as string;

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...parameters: string[]
) => (...values: unknown[]) => Promise<void>;

/** Runs the README's lines, with a checkpoint every other step, and tells the losses of the steps that it took. */
async function followRecipe(options: core.MidTrainOptions): Promise<number[]> {
  const losses: number[] = [];
  async function* midTrain(given: core.MidTrainOptions) {
    for await (const report of core.midTrain(given)) {
      losses.push(report.metrics.loss);
      yield report;
    }
  }
  const body = recipe
    .replace(/import (\{[^}]*\}) from '@midtrain\/core';/, 'const $1 = core;')
    .replace('% 10', '% 2')
    .replaceAll("'runs/mine'", JSON.stringify(run));
  await new AsyncFunction('core', 'options', body)({ ...core, midTrain }, options);
  return losses;
}

test('README: the recipe of checkpoints goes on with a run that was stopped', async () => {
  const whole: number[] = [];
  for await (const { metrics } of core.midTrain(tinyRun({ totalSteps: 4 }))) whole.push(metrics.loss);
  const policy = tinyPolicy();
  const stop = new AbortController();
  const stopping = tinyRun({
    policy,
    totalSteps: 4,
    signal: stop.signal,
    learningRate: (step) => {
      if (step === 2) stop.abort(new Error('stopped'));
      return 1e-2;
    },
  });
  await expect(followRecipe(stopping)).rejects.toThrow('stopped');
  const rest = await followRecipe(tinyRun({ policy: tinyPolicy(9), totalSteps: 4 }));
  expect(rest).toEqual(whole.slice(2));
});
