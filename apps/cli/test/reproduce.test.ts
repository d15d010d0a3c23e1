import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type SelectedBackend, selectBackend } from '@midtrain/kernels';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { coldStartDocuments } from '../src/quickstart/base-run.js';
import { tokeniseProblem } from '../src/quickstart/cold-start.js';
import { ASSETS } from '../src/quickstart/stages.js';
import { readWorkedProblems } from '../src/quickstart/worked-problems.js';
import { gsm8kStudy } from '../src/reproduce/gsm8k/gsm8k-study.js';
import { reproducePage } from '../src/reproduce/page/page.js';
import { reproduce } from '../src/reproduce/reproduce.js';
import type { Results } from '../src/reproduce/results/results.js';
import type { Scale, Study } from '../src/reproduce/study.js';
import { startCli } from './support/cli.js';
import { temporaryFolder } from './support/temporary-folder.js';

const folder = await temporaryFolder();
const SHORT = `corpus={files: ${JSON.stringify(fileURLToPath(new URL('olympiadbench/test.jsonl.gz', ASSETS)))}, template: "{question}\\n{answer}", candidatesAfter: "\\n", maxTokens: 120, overlong: truncate}`;

/** GSM8K's study with little to read. */
const STUDY: Study = {
  ...gsm8kStudy,
  open: async (made) => ({
    ...(await gsm8kStudy.open(made)),
    coldStart: (rmt) =>
      coldStartDocuments(rmt, async () => (await readWorkedProblems(ASSETS, 'train')).slice(0, 30)),
    heldOut: async (split, tokenizer) =>
      (await readWorkedProblems(ASSETS, 'test'))
        .slice(...(split === 'test' ? [0, 6] : [6, 12]))
        .map((problem) => tokeniseProblem(problem, tokenizer, 200)),
  }),
};

/** Every part of the plan, none of it long enough to learn from. */
const TINY: Scale = {
  seeds: 1,
  overrides: {
    base: [
      'steps=4',
      'batch.documents=3',
      'newModel.hiddenSize=32',
      'newModel.layers=1',
      'newModel.heads=2',
      SHORT,
    ],
    'next-token': ['steps=2', 'batch.documents=2', SHORT],
    train: ['steps=2', 'batch.documents=2', 'batch.positions=4', 'batch.groupSize=2', SHORT],
    'post-train': [
      'steps=1',
      'batch.questions=2',
      'batch.groupSize=2',
      'rollout.maxNewTokens=4',
      'evaluation.limit=4',
      'questions.limit=20',
    ],
  },
  documents: 6,
  perTier: { validation: 4, test: 6 },
  learningRates: [0.001],
  minimumBudgets: [9],
  sensitivity: { bothSides: false, seeds: 1 },
  seconds: { base: 1, 'next-token': 1, train: 1, 'post-train': 1 },
};

let backend: SelectedBackend;
beforeAll(async () => {
  backend = await selectBackend({ backend: 'wasm' });
});
afterAll(() => backend.close());

const into = (name: string) =>
  reproduce({ study: STUDY, quick: true, scale: TINY, searchBases: 2, folder: join(folder, name) }, backend);

/** Results without what a clock says. */
const untimed = (results: Results): unknown =>
  JSON.parse(
    JSON.stringify(results, (key, value) => (key === 'seconds' || key === 'record' ? undefined : value)),
  );

const read = async (name: string): Promise<Results> =>
  JSON.parse(await readFile(join(folder, name, 'results.json'), 'utf8'));

describe('midtrain reproduce', () => {
  let whole: Results;

  test('does every run of its plan and tells of each method', { timeout: 300_000 }, async () => {
    whole = await into('whole');
    expect(whole).toEqual(await read('whole'));
    expect(whole.methods.map(({ id }) => id)).toEqual([
      'base',
      'next-token',
      'next-token-compute',
      'rpt',
      'rmt',
      'rmt-no-budget',
      'rmt-no-curriculum',
      'rmt-no-next-token',
      'rmt-adaptive',
      'rmt-min-9',
    ]);
    expect(whole.sensitivity).toHaveLength(9);
    expect(whole.postTraining).toHaveLength(4);
    for (const { verdict, hypothesis, experiment } of whole.verdicts) {
      if (verdict === 'holds') expect([hypothesis, experiment]).toEqual([undefined, undefined]);
      else expect([hypothesis, experiment]).toEqual([expect.any(String), expect.any(String)]);
    }
    const [rmt, same] = ['rmt', 'next-token-compute'].map((id) => whole.methods.find((one) => one.id === id));
    // Whole steps of next-token training, of which this tiny one has few.
    expect(Number(same?.flops) / Number(rmt?.flops)).toBeGreaterThan(0.5);
    expect(Number(same?.flops) / Number(rmt?.flops)).toBeLessThan(1.5);
  });

  test('stopped again and again, ends in the same results', { timeout: 300_000 }, async () => {
    let stops = 0;
    for (const delay of [300, 900, 1700, 2600, 3700]) {
      const running = into('stopped').then(
        () => undefined,
        (error: Error) => error,
      );
      await sleep(delay);
      process.emit('SIGTERM');
      const error = await running;
      if (error === undefined) break;
      expect(error.message).toMatch(
        /^stopped; .* go on with: midtrain reproduce gsm8k --quick --search-bases 2 --backend wasm --output /,
      );
      stops++;
    }
    expect(stops).toBeGreaterThan(2);
    expect(untimed(await into('stopped'))).toEqual(untimed(whole));
  });

  test('with runs in processes of their own, stops all of them and says how to go on', {
    timeout: 60_000,
  }, async () => {
    const args = [
      'reproduce',
      'controlled',
      '--quick',
      '--backend',
      'wasm',
      '--jobs',
      '2',
      '--output',
      'together',
    ];
    const first = ['search/base/seed-1000', 'base/seed-0'];
    const { child, finished } = startCli(args, folder);
    await vi.waitUntil(
      () => first.every((run) => existsSync(join(folder, 'together/runs', run, 'config.yaml'))),
      40_000,
    );
    child.kill('SIGINT');
    const { status, stdout, stderr } = await finished;
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^\d+ runs; about .*, 2 at a time\n\[1\/\d+\] search\/base\/seed-1000 .*\n\[2\/\d+\] base\/seed-0 /,
    );
    expect(stderr).toMatch(
      /go on with: midtrain reproduce controlled --quick --backend wasm --output together\n$/,
    );
    for (const run of first)
      expect(await readdir(join(folder, 'together/runs', run, 'checkpoints'))).not.toEqual([]);
  });

  test('trains nothing twice where an ablation’s rate is RMT’s, and tells of its runs once', async () => {
    const twin = join(folder, 'whole/runs/rmt-no-budget-rmt-rate/seed-0');
    expect(JSON.parse(await readFile(join(twin, 'same-run.json'), 'utf8'))).toEqual({
      run: 'rmt-no-budget/seed-0',
    });
    const less = whole.differences.map(({ second }) => second.method);
    expect(less.filter((method) => method.startsWith('rmt-no-budget'))).toEqual(['rmt-no-budget']);
    expect(whole.runs.some(({ id }) => id.includes('rmt-rate'))).toBe(false);
  });

  test('does no run twice, and keeps another comparison out of its folder', { timeout: 60_000 }, async () => {
    const again = await into('whole');
    expect(again).toEqual(whole);
    await expect(
      reproduce({ study: STUDY, quick: false, scale: TINY, folder: join(folder, 'whole') }, backend),
    ).rejects.toThrow(/holds the comparison gsm8k --quick/);
    await expect(
      reproduce(
        { study: STUDY, quick: true, scale: TINY, searchBases: 1, folder: join(folder, 'whole') },
        backend,
      ),
    ).rejects.toThrow(/holds the comparison gsm8k --quick --search-bases 2 --backend wasm; /);
    await expect(
      reproduce(
        { study: STUDY, quick: true, scale: TINY, folder: join(folder, 'whole') },
        { ...backend, name: 'tensorflow' },
      ),
    ).rejects.toThrow(/--backend wasm; go on with that/);
    const scale = { ...TINY, learningRates: [0.123] };
    await expect(
      reproduce({ study: STUDY, quick: true, scale, folder: join(folder, 'whole') }, backend),
    ).rejects.toThrow(/compares with other settings/);
    const open = async (made: string) => ({ ...(await STUDY.open(made)), made: { coldStart: 'another' } });
    await expect(
      reproduce(
        { study: { ...STUDY, open }, quick: true, scale: TINY, folder: join(folder, 'whole') },
        backend,
      ),
    ).rejects.toThrow(/compares with other settings/);
  });

  test('the page leads from its numbers to run folders that are there', async () => {
    const page = await readFile(join(folder, 'whole', 'report.html'), 'utf8');
    const links = [...page.matchAll(/href="([^"#]+)"/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(50);
    for (const link of links) expect(existsSync(join(folder, 'whole', link)), link).toBe(true);
    for (const { folder: run } of whole.runs) {
      expect(page).toContain(`href="${run}/report.html"`);
      expect(existsSync(join(folder, 'whole', run, 'config.yaml'))).toBe(true);
    }
    expect(page).not.toMatch(/<(script|img|link|iframe)/i);
    expect(page).not.toMatch(/(?:src|href)="?https?:/);
  });

  test('the page’s charts are images of their own as well, colours and all', async () => {
    for (const name of ['length-and-accuracy', 'components', 'differences', 'sensitivity']) {
      const svg = await readFile(join(folder, 'whole', 'figures', `${name}.svg`), 'utf8');
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      for (const [, variable] of svg.matchAll(/var\((--[\w-]+)\)/g)) expect(svg).toContain(`${variable}: #`);
      expect(svg).not.toMatch(/NaN|undefined/);
    }
  });

  test('the page has its numbers from the results alone', () => {
    // Every mean is another number, and each of them has to be on the page.
    let count = 0;
    const told: string[] = [];
    const changed = JSON.parse(JSON.stringify(whole), (_, value) => {
      if (value === null || typeof value !== 'object' || !('bySeed' in value)) return value;
      count++;
      const mean = (1000 + 7 * count) / 100_000;
      told.push((100 * mean).toFixed(1));
      return { ...value, value: mean, low: mean - 0.001, high: mean + 0.001 };
    }) as Results;
    const page = reproducePage({ ...changed, truth: [] });
    for (const { withReasoning, withoutReasoning } of changed.methods)
      for (const tiers of [withReasoning, withoutReasoning])
        for (const tier of [tiers.easy, tiers.medium, tiers.hard, tiers.average])
          if (tier) expect(page).toContain(`>${(100 * tier.value).toFixed(1)}<small>`);
    for (const { before, after } of changed.postTraining)
      for (const { value } of [before, after]) expect(page).toContain(`>${(100 * value).toFixed(1)}<small>`);
    for (const { accuracy } of [...changed.differences, ...changed.sensitivity.map((one) => one.difference)])
      if (accuracy.average) expect(page).toContain(`+${(100 * accuracy.average.value).toFixed(1)}</span>`);
    expect(told.length).toBeGreaterThan(100);
  });

  test('nothing that a run says becomes mark-up', () => {
    const hostile = `</style><script>alert("x")</script><img src=x onerror='y'>`;
    const page = reproducePage(
      JSON.parse(JSON.stringify(whole), (key, value) =>
        typeof value === 'string' && !['id', 'method', 'kind', 'verdict'].includes(key) ? hostile : value,
      ),
    );
    expect(page).not.toMatch(/<(script|img|link|iframe)/i);
    expect(page.match(/<\/style>/g)?.length).toBe(page.match(/<style/g)?.length);
  });
});
