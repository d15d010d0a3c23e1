import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { withAbsolutePaths, withRelativePaths } from './config-paths.js';
import { readConfig } from './read-config.js';
import { trainConfig } from './train-config.js';

const folder = await mkdtemp(join(tmpdir(), 'midtrain-'));
const file = join(folder, 'config.yaml');
await writeFile(file, 'model: m\noutput: out\ncorpus: { files: [a.txt, sub/b.txt] }\nsteps: 3\n');
const read = (...overrides: string[]) => readConfig(file, trainConfig, overrides);

describe('readConfig', () => {
  test('has the paper’s values where it publishes them', async () => {
    const config = await read();
    expect(config.batch).toMatchObject({ positions: 128, groupSize: 8 });
    expect(config.optimiser.learningRate).toBe(1e-6);
    expect(config.budget).toEqual({ use: 'exponential' });
  });

  test('makes paths absolute from the file’s folder', async () => {
    const config = await read('budget.use=./mine.mjs', 'curriculum.use=a-package');
    expect(config).toMatchObject({ model: join(folder, 'm'), output: join(folder, 'out') });
    expect(config.corpus.files).toEqual([join(folder, 'a.txt'), join(folder, 'sub/b.txt')]);
    expect(config.budget.use).toBe(join(folder, 'mine.mjs'));
    expect(config.curriculum.use).toBe('a-package');
  });

  test('takes overrides as YAML, into sections that are there or not', async () => {
    const config = await read(
      'steps=7',
      'budget.initialTokens=32',
      'corpus.files=c.txt',
      'curriculum={use: uniform}',
      'lambda=0.5',
    );
    expect(config).toMatchObject({
      steps: 7,
      lambda: 0.5,
      budget: { use: 'exponential', initialTokens: 32 },
    });
    expect(config.corpus.files).toBe(join(folder, 'c.txt'));
    expect(config.curriculum).toEqual({ use: 'uniform' });
  });

  test('passes a component of one’s own its options as they are', async () => {
    const config = await read('reward.match={use: ./m.mjs, deep: {list: [1, two]}}');
    expect(config.reward.match).toEqual({ use: join(folder, 'm.mjs'), deep: { list: [1, 'two'] } });
  });

  test('reads its own resolved form from another folder as the same', async () => {
    const config = await read('budget.use=./mine.mjs');
    const run = join(folder, 'runs', 'x');
    const again = trainConfig.parse(parse(stringify(withRelativePaths(config, run))));
    expect(withAbsolutePaths(again, resolve(run))).toEqual(config);
  });
});
