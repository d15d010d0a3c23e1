import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { PlannedRun } from '../plan.js';
import type { TrainedKind } from '../study.js';
import { triedRates } from './choose-rate.js';
import { evaluationFile, type RunEvaluation } from './evaluate-run.js';
import { reproduceFolder } from './reproduce-folder.js';

const root = await mkdtemp(join(tmpdir(), 'midtrain-rates-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = reproduceFolder(root);

/** What each run's model got right, on either of two bases. */
const SEARCH: Readonly<Record<string, { peak: number; seed: number; plain: string; thinking: string }>> = {
  'slow/a': { peak: 0.1, seed: 1, plain: '1111', thinking: '1000' },
  'slow/b': { peak: 0.1, seed: 2, plain: '0111', thinking: '1100' },
  'fast/a': { peak: 0.2, seed: 1, plain: '0000', thinking: '1110' },
  'fast/b': { peak: 0.2, seed: 2, plain: '0000', thinking: '1000' },
  'faster/a': { peak: 0.4, seed: 1, plain: '0000', thinking: '0000' },
  'faster/b': { peak: 0.4, seed: 2, plain: '0000', thinking: '1111' },
};

const planned = (kind: TrainedKind): PlannedRun[] =>
  Object.entries(SEARCH).map(([id, { peak, seed }]) => ({
    id,
    part: 'learning rates',
    kind,
    method: 'a method',
    seed,
    overrides: [],
    base: `base-${seed}`,
    learningRate: { peak },
    after: [],
    evaluate: ['validation'],
    seconds: 1,
  }));

for (const [id, { plain, thinking }] of Object.entries(SEARCH)) {
  await mkdir(folder.run(id), { recursive: true });
  const evaluation: Pick<RunEvaluation, 'correct' | 'correctThinking' | 'lengths'> = {
    correct: plain,
    correctThinking: thinking,
    lengths: id.endsWith('a') ? [1, 2, 3, 4] : [5, 5, 5, 5],
  };
  await writeFile(evaluationFile(folder.run(id), 'validation'), JSON.stringify(evaluation));
}

test('chooses by the mean over the bases, not by the best of them; of equals the smaller', async () => {
  const [chosen, second, third] = await triedRates('a method', planned('train'), folder);
  // 0.2 and 0.4 have half each; 0.4 has the best single run and the worst one.
  expect([chosen.peak, second.peak, third.peak]).toEqual([0.2, 0.4, 0.1]);
  expect(chosen).toMatchObject({ runs: ['fast/a', 'fast/b'], score: 0.5 });
  expect(chosen.result).toEqual({ withoutReasoning: 0, withReasoning: 0.5, meanLength: 3.75 });
});

test('what is not trained to think is chosen without reasoning', async () => {
  const [chosen] = await triedRates('a method', planned('next-token'), folder);
  expect([chosen.peak, chosen.score]).toEqual([0.1, 0.875]);
});

test('leaves out other methods, and says what a run lacks', async () => {
  expect(await triedRates('another', planned('train'), folder)).toEqual([]);
  const [first] = planned('train');
  await expect(triedRates('a method', [{ ...first, id: 'missing' }], folder)).rejects.toThrow(
    /missing: has no validation\.json/,
  );
});
