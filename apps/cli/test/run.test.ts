import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCli, startCli } from './support/cli.js';
import { runLines, stepsDone, withoutTime } from './support/run-lines.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { INSTRUCTION, makeTinyModel } from './support/tiny-model.js';

const STEPS = 10;
const folder = await temporaryFolder();

beforeAll(async () => {
  await makeTinyModel(folder);
  await writeFile(
    join(folder, 'train.yaml'),
    `seed: 5
model: base/model
output: run
corpus: { files: corpus.jsonl }
steps: ${STEPS}
batch: { documents: 2, positions: 4, groupSize: 4 }
instruction: { template: ${JSON.stringify(INSTRUCTION)} }
budget: { initialTokens: 4, decay: 0.5 }
loss: { use: grpo, beta: 0.05 }
optimiser: { learningRate: 0.002 }
checkpoint: { every: 2 }
difficulty: { use: reward-spread }
`,
  );
}, 120_000);

const lines = (run: string, file?: string) => runLines(join(folder, run), file);

describe('midtrain train', () => {
  test('writes a trace of its first three steps, and trains as without', { timeout: 120_000 }, async () => {
    const overrides = ['output=traced', 'steps=4'];
    const { status } = await runCli(['train', 'train.yaml', ...overrides, '--profile', 'trace.json'], folder);
    expect(status).toBe(0);
    const { traceEvents } = JSON.parse(await readFile(join(folder, 'trace.json'), 'utf8'));
    const named = (category: string): { name: string; ts: number; dur: number }[] =>
      traceEvents.filter(({ cat }: { cat: string }) => cat === category);
    const spans = named('span');
    const steps = spans.filter(({ name }) => name.startsWith('step'));
    expect(steps.map(({ name }) => name)).toEqual(['step 0', 'step 1', 'step 2']);
    for (const { ts, dur } of steps) {
      const within = spans.filter((span) => span.ts > ts && span.ts + span.dur < ts + dur);
      const parts = ['trunk', 'curriculum', 'rollout', 'rewards', 'update', 'optimiser'];
      expect(within.map(({ name }) => name)).toEqual(parts);
    }
    expect(named('kernel').map(({ name }) => name)).toContain('MidtrainTreeAttentionGradient');

    const plain = await runCli(['train', 'train.yaml', 'output=untraced', 'steps=4'], folder);
    expect(plain.status).toBe(0);
    expect(withoutTime(await lines('traced'))).toEqual(withoutTime(await lines('untraced')));
  });

  test('leaves a run folder with metrics, samples, a model that generates, and a page', {
    timeout: 120_000,
  }, async () => {
    const { status, stdout, stderr } = await runCli(['train', 'train.yaml', '--json'], folder);
    expect(stderr).toContain(`${STEPS}/${STEPS}`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ run: 'run', steps: STEPS });

    const metrics = await lines('run');
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
    const keys =
      'step loss policyLoss nextTokenLoss matchReward lengthReward reward rewardStd meanLength budget entropy kl tierShares gradientNorm learningRate tokens seconds';
    for (const key of keys.split(' ')) expect(metrics[0]).toHaveProperty(key);
    // B_t = floor(4 · 0.5^(t/T))
    expect(metrics.map(({ budget }) => budget)).toEqual(
      metrics.map(({ step }) => Math.floor(4 * 0.5 ** (step / STEPS))),
    );
    expect(metrics.some(({ wellFormed }) => Number(wellFormed) > 0)).toBe(true);

    const [sample] = await lines('run', 'rollouts.jsonl');
    expect(sample).toMatchObject({
      step: 0,
      budget: 4,
      prefix: expect.any(String),
      target: expect.any(String),
    });
    expect(sample.branches).toHaveLength(4);

    const config = parse(await readFile(join(folder, 'run', 'config.yaml'), 'utf8'));
    expect(config).toMatchObject({ model: '../base/model', output: '.', batch: { groupSize: 4 } });
    expect(await readFile(join(folder, 'run', 'report.html'), 'utf8')).toContain('Match reward');

    const answer = await runCli(
      [
        'generate',
        'run/model',
        '--prompt',
        'Tom has',
        '--max-new-tokens',
        '5',
        '--temperature',
        '0',
        '--json',
      ],
      folder,
    );
    expect(answer.status).toBe(0);
    expect(JSON.parse(answer.stdout).tokenIds).toHaveLength(5);
  });

  test('killed at any moment and resumed, equals a run that was not', { timeout: 240_000 }, async () => {
    const moments = [0, 1, 3, 4, 7, 9].map((step) => ({ step, delay: Math.random() * 250 }));
    let kills = 0;
    const args = ['train', 'train.yaml', '--resume', 'killed'];
    for (const { step, delay } of moments) {
      const { child, finished } = startCli(args, folder);
      let over = false;
      finished.then(() => {
        over = true;
      });
      while (!over && (await stepsDone(join(folder, 'killed'))) < step) await sleep(5);
      await sleep(delay);
      child.kill('SIGKILL');
      if ((await finished).signal === 'SIGKILL') kills++;
    }
    expect(kills).toBeGreaterThan(3);
    const { status, stderr } = await runCli(args, folder);
    expect(stderr).not.toContain('error');
    expect(status).toBe(0);

    expect(withoutTime(await lines('killed'))).toEqual(withoutTime(await lines('run')));
    const same = async (file: string) =>
      expect(
        (await readFile(join(folder, 'killed', file))).equals(await readFile(join(folder, 'run', file))),
        file,
      ).toBe(true);
    await same('rollouts.jsonl');
    await same('model/model.safetensors');
  });

  test('stops after a step on the first interrupt, says how to go on, and goes on', {
    timeout: 120_000,
  }, async () => {
    const { child, finished } = startCli(
      ['train', 'train.yaml', 'output=stopped', 'checkpoint.every=100'],
      folder,
    );
    while ((await stepsDone(join(folder, 'stopped'))) < 1) await sleep(5);
    child.kill('SIGINT');
    const { status, stderr } = await finished;
    expect(status).toBe(1);
    expect(stderr).toContain('midtrain train --resume stopped');
    const resumed = await runCli(['train', '--resume', 'stopped'], folder);
    expect(resumed.status).toBe(0);
    expect(withoutTime(await lines('stopped'))).toEqual(withoutTime(await lines('run')));
  });

  test('resumed from a run that is done, changes nothing but the page', { timeout: 60_000 }, async () => {
    const before = await lines('run');
    expect((await runCli(['train', '--resume', 'run'], folder)).status).toBe(0);
    expect(await lines('run')).toEqual(before);
  });

  test('refuses to start over a run, or to go on with another configuration', {
    timeout: 60_000,
  }, async () => {
    const again = await runCli(['train', 'train.yaml'], folder);
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('run: holds a run already')]);
    const other = await runCli(['train', '--resume', 'run', 'batch.groupSize=2'], folder);
    expect(other.status).toBe(2);
    expect(other.stderr).toMatch(/^error: run: batch: .*\n$/);
  });

  test('refuses to multiply in bfloat16 on a backend that cannot, and writes nothing', {
    timeout: 60_000,
  }, async () => {
    const args = ['train', 'train.yaml', 'output=halved', 'compute=bfloat16', '--backend', 'wasm'];
    const { status, stderr } = await runCli(args, folder);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: compute: bfloat16 needs .*wasm runs.*\n$/),
    ]);
    await expect(readFile(join(folder, 'halved', 'config.yaml'))).rejects.toThrow('ENOENT');
  });

  test('runs components of one’s own from the example', { timeout: 60_000 }, async () => {
    const example = new URL('../examples/own-component/', import.meta.url);
    const { cp } = await import('node:fs/promises');
    const { fileURLToPath } = await import('node:url');
    await cp(fileURLToPath(example), join(folder, 'own-component'), { recursive: true });
    const done = await runCli(
      [
        'train',
        'own-component/train.yaml',
        'model=../base/model',
        `instruction.template=${JSON.stringify(INSTRUCTION)}`,
      ],
      folder,
    );
    expect(done.stderr).not.toContain('error');
    expect(done.status).toBe(0);
    const metrics = await lines('runs/own-component');
    // rise 2 a step, until it meets 6 · 0.2^(t/4)
    expect(metrics.map(({ budget }) => budget)).toEqual([2, 4, 2, 1]);
    expect(metrics[0].tierNames).toEqual(['all']);
  });
});

describe('midtrain report', () => {
  test('compares runs on one page without scripts or anything loaded', { timeout: 60_000 }, async () => {
    const done = await runCli(['report', 'run', 'base', '--out', 'both.html'], folder);
    expect(done.status).toBe(0);
    const page = await readFile(join(folder, 'both.html'), 'utf8');
    expect(page).toContain('Pre-training loss');
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });
});

describe('midtrain eval lm', () => {
  test('gives tokens, nats, accuracy by tier, and reasoning on request', { timeout: 60_000 }, async () => {
    const args = ['eval', 'lm', 'base/model', '--corpus', 'corpus.jsonl', '--json'];
    const reasoning = ['--reasoning', '--budget', '4', '--positions', '5', '--instruction', INSTRUCTION];
    const { status, stdout } = await runCli([...args, ...reasoning], folder);
    expect(status).toBe(0);
    const score = JSON.parse(stdout);
    expect(score.accuracy.n).toBe(score.tokens);
    expect(score.nll).toBeGreaterThan(0);
    expect(score.tiers.map(({ name }: { readonly name: string }) => name)).toEqual([
      'easy',
      'medium',
      'hard',
    ]);
    for (const key of ['easy', 'medium', 'hard', 'average'])
      expect(score.reasoning[key]).toHaveProperty('low');
    expect(score.reasoning.meanLength).toBeLessThanOrEqual(9);
  });

  test('puts models that were asked at the same positions into a run’s page', {
    timeout: 60_000,
  }, async () => {
    const args = [
      'eval',
      'lm',
      'base/model',
      '--corpus',
      'corpus.jsonl',
      '--tiers-by',
      'base/model',
      '--json',
    ];
    const into = ['--positions', '5', '--into', 'base', '--label'];
    const plain = await runCli([...args, ...into, 'the base'], folder);
    expect(plain.status).toBe(0);
    const reasoning = ['--reasoning', '--budget', '4', '--instruction', INSTRUCTION];
    const marks = ['--start-of-thought', '<think>', '--end-of-thought', '</think>'];
    const thinking = await runCli([...args, ...into, 'again', ...reasoning, ...marks], folder);
    const [first, second] = [plain, thinking].map(({ stdout }) => JSON.parse(stdout));
    expect(second.withoutReasoning).toEqual(first.withoutReasoning);
    expect(first).not.toHaveProperty('reasoning');

    const { methods } = JSON.parse(await readFile(join(folder, 'base', 'evaluation.json'), 'utf8'));
    expect(methods.map(({ label }: { readonly label: string }) => label)).toEqual([
      'the base',
      'again',
      'again, thinking',
    ]);
    expect(methods[2].result).toEqual(second.reasoning);
    expect(await readFile(join(folder, 'base', 'report.html'), 'utf8')).toContain('again, thinking');

    const nowhere = await runCli([...args, '--into', 'none'], folder);
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('none: not found')]);
    const noMark = await runCli([...args, ...reasoning, '--end-of-thought', 'stop'], folder);
    expect([noMark.status, noMark.stderr]).toEqual([2, expect.stringContaining('stop')]);
  });
});
