import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli, startCli } from './support/cli.js';
import { runLines, stepsDone, withoutTime } from './support/run-lines.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { makeTinyModel } from './support/tiny-model.js';

const STEPS = 8;
const folder = await temporaryFolder();

beforeAll(async () => {
  await makeTinyModel(folder);
  const questions = ['Tom', 'Ann', 'Sam', 'Eva'].map((who, i) =>
    JSON.stringify({ id: who, ask: `${who} has ${i + 2} apples and ${i + 1} pears.`, right: 2 * i + 3 }),
  );
  await writeFile(join(folder, 'questions.jsonl'), `${questions.join('\n')}\n`);
  const heldOut = questions.map((line) => line.replace(/"right":\d+/, '"right":77'));
  await writeFile(join(folder, 'held-out.jsonl'), `${heldOut.join('\n')}\n`);
  await mkdir(join(folder, 'elsewhere'));
  await writeFile(join(folder, 'elsewhere', 'questions.jsonl'), '{"ask": "other", "right": 1}\n');
  await writeFile(join(folder, 'bad.jsonl'), '{"ask": "fine", "right": 1}\n{"ask": "no answer"}\n');
  await writeFile(
    join(folder, 'long.jsonl'),
    `${JSON.stringify({ id: 'endless', ask: 'word '.repeat(90), right: 1 })}\n`,
  );
  await writeFile(
    join(folder, 'in-all.mjs'),
    'export default ({ words }) => ({ text }) => {\n  const format = Number(text.includes(words));\n  return { reward: format, accuracy: 0, format };\n};\n',
  );
  await writeFile(join(folder, 'no-number.mjs'), 'export default () => () => ({ reward: NaN });\n');
  await writeFile(
    join(folder, 'post.yaml'),
    `seed: 5
model: base/model
output: post
questions: { benchmark: own, files: questions.jsonl, question: ask, gold: right, prompt: "{question}\\n" }
evaluation: { files: held-out.jsonl }
steps: ${STEPS}
batch: { questions: 3, groupSize: 4 }
rollout: { maxNewTokens: 12 }
loss: { use: grpo, beta: 0.02 }
optimiser: { learningRate: 0.005 }
checkpoint: { every: 2 }
`,
  );
}, 120_000);

interface Sample {
  readonly gold: string;
  readonly completions: readonly { readonly text: string; readonly accuracy: number }[];
}

const lines = (run: string, file?: string) => runLines(join(folder, run), file);

describe('midtrain post-train', () => {
  test('leaves a run folder with metrics, samples, a model, and how held-out questions were answered', {
    timeout: 120_000,
  }, async () => {
    const { status, stdout, stderr } = await runCli(['post-train', 'post.yaml', '--json'], folder);
    expect(stderr).toContain(`${STEPS}/${STEPS}`);
    expect(status).toBe(0);

    const metrics = await lines('post');
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
    const keys =
      'loss reward accuracy formatReward rewardStd fracRewardZeroStd meanLength clippedRatio entropy kl gradientNorm learningRate tokens';
    for (const line of metrics)
      for (const key of keys.split(' ')) expect(line[key], key).toEqual(expect.any(Number));
    for (const { reward, accuracy, formatReward } of metrics)
      expect(reward).toBeCloseTo(Number(accuracy) + 0.1 * Number(formatReward), 5);

    const [sample] = await lines('post', 'rollouts.jsonl');
    expect(sample).toMatchObject({ step: 0, questionId: expect.any(String), gold: expect.any(String) });
    expect(sample.prompt).toMatch(/ pears\.\n$/);
    expect(sample.completions).toHaveLength(4);
    // The held-out questions have the same ids and other answers; the samples are graded by their own.
    const graded = ((await lines('post', 'rollouts.jsonl')) as unknown as Sample[]).flatMap(
      ({ gold, completions }) => completions.map(({ text, accuracy }) => ({ gold, text, accuracy })),
    );
    const right = graded.filter(({ accuracy }) => accuracy === 1);
    expect(right.length).toBeGreaterThan(0);
    for (const { gold, text } of right) expect(text).toMatch(new RegExp(`\\b${gold}\\b`));

    const summary = JSON.parse(await readFile(join(folder, 'post', 'summary.json'), 'utf8'));
    for (const answered of [summary.before, summary.after]) {
      expect(answered.accuracy).toMatchObject({ n: 4, low: expect.any(Number), high: expect.any(Number) });
      expect(answered.format.n).toBe(4);
      expect(answered.meanLength).toBeLessThanOrEqual(12);
    }
    expect(Object.keys(summary.seconds)).toEqual(['posttrain', 'evaluate']);
    expect(JSON.parse(stdout)).toMatchObject({ run: 'post', steps: STEPS, before: summary.before });

    const page = await readFile(join(folder, 'post', 'report.html'), 'utf8');
    for (const title of ['Held-out questions before and after', 'Completion length', 'Sampled answers'])
      expect(page).toContain(title);
    const eachToken = ['--max-new-tokens', '3', '--temperature', '0', '--json'];
    const answer = await runCli(['generate', 'post/model', '--prompt', 'Tom has', ...eachToken], folder);
    expect(JSON.parse(answer.stdout).tokenIds).toHaveLength(3);
  });

  test('raises what a reward of one’s own asks for', { timeout: 120_000 }, async () => {
    const args = ['post-train', 'post.yaml', 'output=own', 'steps=40', 'loss.beta=0', 'evaluation.limit=0'];
    const done = await runCli([...args, 'reward={use: ./in-all.mjs, words: pears}'], folder);
    expect(done.stderr).not.toContain('error');
    expect(done.status).toBe(0);
    const rewards = (await lines('own')).map(({ reward }) => Number(reward));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(rewards.slice(-5))).toBeGreaterThan(mean(rewards.slice(0, 5)) + 0.3);
    expect(JSON.parse(await readFile(join(folder, 'own', 'summary.json'), 'utf8'))).not.toHaveProperty(
      'before',
    );
  });

  test('killed at any moment and resumed, equals a run that was not', { timeout: 240_000 }, async () => {
    const args = ['post-train', 'post.yaml', '--resume', 'killed'];
    let kills = 0;
    for (const step of [0, 1, 3, 6]) {
      const { child, finished } = startCli(args, folder);
      let over = false;
      finished.then(() => {
        over = true;
      });
      while (!over && (await stepsDone(join(folder, 'killed'))) < step) await sleep(5);
      await sleep(Math.random() * 100);
      child.kill('SIGKILL');
      if ((await finished).signal === 'SIGKILL') kills++;
    }
    expect(kills).toBeGreaterThan(1);
    const { status, stderr } = await runCli(args, folder);
    expect(stderr).not.toContain('error');
    expect(status).toBe(0);

    expect(withoutTime(await lines('killed'))).toEqual(withoutTime(await lines('post')));
    for (const file of ['rollouts.jsonl', 'model/model.safetensors']) {
      const [resumed, whole] = await Promise.all(
        ['killed', 'post'].map((run) => readFile(join(folder, run, file))),
      );
      expect(resumed.equals(whole), file).toBe(true);
    }
    const summaryOf = async (run: string) => {
      const { before, after } = JSON.parse(await readFile(join(folder, run, 'summary.json'), 'utf8'));
      return { before, after };
    };
    expect(await summaryOf('killed')).toEqual(await summaryOf('post'));
  });

  test('stops after a step on the first interrupt, and says how to go on', { timeout: 120_000 }, async () => {
    const { child, finished } = startCli(['post-train', 'post.yaml', 'output=stopped', 'steps=200'], folder);
    while ((await stepsDone(join(folder, 'stopped'))) < 1) await sleep(5);
    child.kill('SIGINT');
    const { status, stderr } = await finished;
    expect(status).toBe(1);
    expect(stderr).toContain('midtrain post-train --resume stopped');
  });

  test('says how to go on when stopped while it asks held-out questions', { timeout: 120_000 }, async () => {
    const many = Array.from({ length: 160 }, (_, i) => JSON.stringify({ id: i, ask: 'Tom has', right: 1 }));
    await writeFile(join(folder, 'many.jsonl'), `${many.join('\n')}\n`);
    const asks = ['evaluation={files: many.jsonl, limit: 160}', 'output=asking', 'rollout.maxNewTokens=60'];
    const { child, finished } = startCli(['post-train', 'post.yaml', ...asks], folder);
    await new Promise((shown) => child.stderr?.once('data', shown));
    child.kill('SIGINT');
    const { status, stderr } = await finished;
    expect([status, stderr]).toEqual([1, expect.stringContaining('midtrain post-train --resume asking')]);
  });

  /** Overrides, and what the one line on stderr says of the place and of the expectation. */
  const CASES: readonly (readonly [name: string, override: string, says: RegExp])[] = [
    [
      'an unknown field',
      'question.files=a',
      /post\.yaml: question: unknown field, expected one of .*questions/,
    ],
    [
      'an unknown field of the reward',
      'reward.wieght=1',
      /reward\.wieght: unknown field, expected one of use, /,
    ],
    ['a group of one', 'batch.groupSize=1', /batch\.groupSize: is 1, expected a number ≥ 2/],
    ['a weight below 0', 'reward.formatWeight=-1', /reward\.formatWeight: is -1, expected a number ≥ 0/],
    ['greedy sampling', 'rollout.temperature=0', /rollout\.temperature: is 0, expected a number > 0/],
    [
      'a prompt without the question',
      'questions.prompt=Go',
      /questions\.prompt: is "Go", expected a text with/,
    ],
    [
      'a benchmark that does not come along',
      'questions={benchmark: aime}',
      /questions\.files: .*only gsm8k comes/,
    ],
    [
      'fields of a benchmark that has its own',
      'questions.benchmark=math',
      /questions\.benchmark: .*expected own/,
    ],
    ['a file that is not there', 'questions.files=none.jsonl', /none\.jsonl: not found; give a JSONL file/],
    ['a line without its answer', 'questions.files=bad.jsonl', /bad\.jsonl:2: right must be a text/],
    [
      'two files of one name',
      'evaluation.files=elsewhere/questions.jsonl',
      /another file of questions is called/,
    ],
    [
      'a question without room for an answer',
      'questions.files=long.jsonl',
      /post\.yaml: questions: long\.jsonl:endless: its prompt has \d+ tokens and rollout\.maxNewTokens is 12, expected at most .* 96/,
    ],
    ['room for no answer at all', 'rollout.maxNewTokens=95', /rollout\.maxNewTokens is 95/],
    ['a reward that is not there', 'reward.use=./none.mjs', /reward\.use: .*none\.mjs: not found/],
    ['a reward of no number', 'reward.use=./no-number.mjs', /no-number\.mjs: gave reward NaN for /],
  ];
  test.each(CASES)('names %s', { timeout: 30_000 }, async (_, override, says) => {
    const { status, stderr } = await runCli(['post-train', 'post.yaml', 'output=bad', override], folder);
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(says);
    expect(status).toBe(2);
  });
});
