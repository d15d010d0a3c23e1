import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTokenizer } from '@midtrain/core';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { pretrainConfig } from '../../config/pretrain-config.js';
import { readConfig } from '../../config/read-config.js';
import { trainConfig } from '../../config/train-config.js';
import { ASSETS } from '../../quickstart/stages.js';
import { readProblemLines } from '../../quickstart/worked-problems.js';
import { gsm8kStudy } from './gsm8k-study.js';

const folder = await temporaryFolder();

test('what goes on from the base reads no problem that it has read, and all others', {
  timeout: 60_000,
}, async () => {
  const study = await gsm8kStudy.open(folder);
  const { base, train } = study.configs;
  const set = [...base.overrides, `output=${JSON.stringify(join(folder, 'base'))}`];
  const [config, rmt, tokenizer] = await Promise.all([
    readConfig(base.file, pretrainConfig, set),
    readConfig(train.file, trainConfig, train.overrides),
    loadTokenizer(fileURLToPath(new URL('tokenizer', ASSETS))),
  ]);
  type Source = ReturnType<typeof study.coldStart>;
  const read = study.coldStart(rmt) as (...given: unknown[]) => ReturnType<Source>;
  const documents = await read({ tokenizer }, { config });
  const lines = new Map<string, readonly string[]>([
    ['gsm8k-train', await readProblemLines(ASSETS, 'train', 'gsm8k')],
    ['olympiadbench-train', await readProblemLines(ASSETS, 'train', 'olympiadbench')],
  ]);
  const ofBase = documents.map(({ id }) => {
    const [source, number] = id.split(':');
    return lines.get(source)?.[Number(number) - 1] ?? id;
  });
  const rest = (await readFile(join(folder, 'train.jsonl'), 'utf8')).trimEnd().split('\n');
  const all = [...lines.values()].flat();
  expect([...ofBase, ...rest].sort()).toEqual([...all].sort());
  // The base's steps take about as many documents as there are for it.
  expect(ofBase.length / (config.steps * config.batch.documents)).toBeCloseTo(1, 1);
});
