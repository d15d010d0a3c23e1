import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli, startCli } from './support/cli.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { INSTRUCTION, makeTinyModel } from './support/tiny-model.js';

const STEPS = 6;
const folder = await temporaryFolder();

const config = (more: string) => `seed: 5
model: base/model
corpus: { files: corpus.jsonl }
steps: ${STEPS}
${more}`;

const MID_TRAINING = `output: run
batch: { documents: 2, positions: 4, groupSize: 4, recompute: true }
instruction: { template: ${JSON.stringify(INSTRUCTION)} }
budget: { initialTokens: 4, decay: 0.5 }
loss: { use: grpo, beta: 0.05 }
lora: { rank: 3, dropout: 0.2, saveMerged: true }
optimiser: { learningRate: 0.01 }
checkpoint: { every: 2 }
`;

beforeAll(async () => {
  await makeTinyModel(folder);
  await writeFile(join(folder, 'train.yaml'), config(MID_TRAINING));
  await writeFile(
    join(folder, 'pretrain.yaml'),
    config('output: continued\nbatch: { documents: 4, maxTokensPerPass: 30 }\nlora: { rank: 2 }\n'),
  );
}, 120_000);

async function succeed(...args: string[]) {
  const { status, stdout, stderr } = await runCli(args, folder);
  expect(stderr).not.toContain('error');
  expect(status).toBe(0);
  return stdout;
}

const json = async (...path: string[]) => JSON.parse(await readFile(join(folder, ...path), 'utf8'));

const metrics = async (run: string) =>
  (await readFile(join(folder, run, 'metrics.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => ({ ...JSON.parse(line), seconds: 0 }));

const generate = async (model: string, ...more: string[]) => {
  const greedy = ['--max-new-tokens', '8', '--temperature', '0', '--json'];
  return JSON.parse(await succeed('generate', model, '--prompt', 'Tom has', ...greedy, ...more)).tokenIds;
};

describe('midtrain train with lora', () => {
  test('leaves PEFT’s files, which generate and are evaluated as the merged model is', {
    timeout: 120_000,
  }, async () => {
    await succeed('train', 'train.yaml');
    expect(
      (await readdir(join(folder, 'run', 'model'))).filter((name) => /^adapter|safetensors/.test(name)),
    ).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    expect(await json('run', 'model', 'adapter_config.json')).toMatchObject({
      peft_type: 'LORA',
      r: 3,
      lora_alpha: 6,
      lora_dropout: 0.2,
      base_model_name_or_path: '../../base/model',
    });
    // The KL term holds to the base: nothing to pay before the first update, something after it.
    const [first, second] = await metrics('run');
    expect(first.kl).toBeCloseTo(0, 6);
    expect(second.kl).not.toBe(first.kl);

    const tokens = await generate('run/model');
    expect(await generate('run/merged')).toEqual(tokens);
    await succeed('merge', 'run/model', '--out', 'merged');
    expect(await generate('merged')).toEqual(tokens);
    const score = async (model: string) =>
      JSON.parse(await succeed('eval', 'lm', model, '--corpus', 'corpus.jsonl', '--json'));
    const [adapted, merged, base] = await Promise.all(['run/model', 'run/merged', 'base/model'].map(score));
    expect(adapted.nll).toBeCloseTo(merged.nll, 5);
    expect(Math.abs(adapted.nll - base.nll)).toBeGreaterThan(1e-3);
  });

  test('killed and resumed, equals a run that was not; its checkpoints hold no base weights', {
    timeout: 120_000,
  }, async () => {
    const args = ['train', 'train.yaml', '--resume', 'killed'];
    for (const step of [1, 3]) {
      const { child, finished } = startCli(args, folder);
      while ((await metrics('killed').catch(() => [])).length < step) await sleep(5);
      child.kill('SIGKILL');
      await finished;
    }
    await succeed(...args);
    expect(await metrics('killed')).toEqual(await metrics('run'));
    const bytes = (run: string) => readFile(join(folder, run, 'model', 'adapter_model.safetensors'));
    expect((await bytes('killed')).equals(await bytes('run'))).toBe(true);
    const tensors = await readFile(
      join(folder, 'run', 'checkpoints', `step-${STEPS}`, 'tensors.safetensors'),
    );
    expect(tensors.includes('lora_A')).toBe(true);
    expect(tensors.includes('embed_tokens')).toBe(false);
  });

  test('goes on with an adapter that is there, and refuses one upon it', { timeout: 120_000 }, async () => {
    const args = ['train', 'train.yaml', 'model=run/model', 'output=further', 'steps=1'];
    const refused = await runCli(args, folder);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      'error: train.yaml: lora: the model has an adapter already; train that one, or merge it first\n',
    ]);
    await writeFile(join(folder, 'further.yaml'), config(MID_TRAINING.replace(/lora: .*\n/, '')));
    args[1] = 'further.yaml';
    await succeed(...args);
    // It starts where its reference stands: with the adapter.
    expect(Math.abs((await metrics('further'))[0].kl)).toBeLessThan(0.2);
    expect(await json('further', 'model', 'adapter_config.json')).toMatchObject({
      r: 3,
      base_model_name_or_path: '../../base/model',
    });
  });
});

describe('midtrain pretrain with lora', () => {
  test('trains an adapter over several passes a step', { timeout: 60_000 }, async () => {
    await succeed('pretrain', 'pretrain.yaml');
    expect(await json('continued', 'model', 'adapter_config.json')).toMatchObject({ r: 2 });
  });

  test('refuses one upon a model that does not exist yet', { timeout: 60_000 }, async () => {
    const { status, stderr } = await runCli(['pretrain', 'base.yaml', 'output=x', 'lora.rank=2'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: base\.yaml: lora: .*expected none with newModel.*\n$/);
  });
});

describe('midtrain post-train with lora', () => {
  test('trains an adapter from the answers’ rewards, upon a base that stays and is the reference', {
    timeout: 120_000,
  }, async () => {
    const questions = [1, 2, 3, 4].map((n) => JSON.stringify({ ask: `Tom has ${n}`, right: 3 }));
    await writeFile(join(folder, 'questions.jsonl'), `${questions.join('\n')}\n`);
    await writeFile(
      join(folder, 'numbers.mjs'),
      'export default () => ({ text }) => ({ reward: text.replace(/\\D/g, "").length / 6, accuracy: 0, format: 0 });\n',
    );
    await writeFile(
      join(folder, 'post.yaml'),
      `seed: 5
model: base/model
output: post
questions: { benchmark: own, files: questions.jsonl, question: ask, gold: right, prompt: "{question}" }
evaluation: { limit: 0 }
steps: 25
batch: { questions: 4, groupSize: 8 }
rollout: { maxNewTokens: 6 }
reward: { use: ./numbers.mjs }
loss: { use: grpo, beta: 0.01 }
lora: { rank: 4, saveMerged: true }
optimiser: { learningRate: 0.02 }
`,
    );
    const weights = () => readFile(join(folder, 'base', 'model', 'model.safetensors'));
    const before = await weights();
    await succeed('post-train', 'post.yaml');
    expect((await weights()).equals(before)).toBe(true);
    expect(await json('post', 'model', 'adapter_config.json')).toMatchObject({
      r: 4,
      base_model_name_or_path: '../../base/model',
    });
    const steps = await metrics('post');
    const mean = (part: readonly { readonly reward: number }[]) =>
      part.reduce((sum, { reward }) => sum + reward, 0) / part.length;
    expect(mean(steps.slice(-5))).toBeGreaterThan(mean(steps.slice(0, 5)) + 0.1);
    expect(steps[0].kl).toBeCloseTo(0, 6);
    expect(steps[24].kl).toBeGreaterThan(0);
    expect(await generate('post/model')).toEqual(await generate('post/merged'));
  });
});

describe('an adapter’s base', () => {
  test('is found from its folder, or given', { timeout: 60_000 }, async () => {
    const file = join(folder, 'continued', 'model', 'adapter_config.json');
    const written = await readFile(file, 'utf8');
    const tokens = await generate('continued/model');
    await writeFile(file, written.replace('../../base/model', 'someone/something'));
    const { status, stderr } = await runCli(['generate', 'continued/model', '--prompt', 'Tom'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^error: .*base_model_name_or_path: is "someone\/something", where no model is .*\n$/,
    );
    expect(await generate('continued/model', '--base', 'base/model')).toEqual(tokens);
    const needless = await runCli(
      ['generate', 'base/model', '--prompt', 'Tom', '--base', 'base/model'],
      folder,
    );
    expect([needless.status, needless.stderr]).toEqual([2, expect.stringContaining('holds no adapter')]);
  });
});
