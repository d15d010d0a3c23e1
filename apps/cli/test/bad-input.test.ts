import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedParameters, readModelConfig, writeModelDirectory } from '@midtrain/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './support/cli.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { INSTRUCTION, makeTinyModel } from './support/tiny-model.js';

const folder = await temporaryFolder();

const CONFIG = `model: base/model
output: out
corpus: { files: corpus.jsonl }
steps: 2
batch: { documents: 2, positions: 2, groupSize: 2 }
budget: { initialTokens: 4 }
instruction: { template: ${JSON.stringify(INSTRUCTION)} }
`;

/** A model whose embedding has fewer rows than its tokenizer has tokens. */
async function writeMisfit(): Promise<void> {
  const base = await readModelConfig(join(folder, 'base', 'model'));
  const config = { ...base, vocabularySize: 100, eosTokenIds: [0] };
  const tensors = [...expectedParameters(config)].map(
    ([name, shape]) =>
      [name, { shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)) }] as const,
  );
  await writeModelDirectory(join(folder, 'misfit'), {
    config,
    tensors,
    tokenizerDirectory: join(folder, 'base', 'model'),
  });
}

beforeAll(async () => {
  await makeTinyModel(folder);
  await writeFile(join(folder, 'train.yaml'), CONFIG);
  await writeFile(join(folder, 'no-model.yaml'), CONFIG.replace(/^model.*\n/, ''));
  await writeFile(join(folder, 'list.yaml'), '- one\n- two\n');
  await writeFile(join(folder, 'broken.yaml'), `${CONFIG}loss: { use: grpo\n`);
  await writeFile(join(folder, 'empty.jsonl'), '');
  await writeFile(join(folder, 'bad.jsonl'), '{"text": "fine"}\n{"text": \n');
  await writeFile(
    join(folder, 'long.jsonl'),
    `{"text":"short"}\n${JSON.stringify({ text: 'word '.repeat(200) })}\n`,
  );
  await writeFile(join(folder, 'no-factory.mjs'), 'export const budget = 3;\n');
  await writeFile(join(folder, 'not-a-budget.mjs'), 'export default () => 7;\n');
  await writeFile(join(folder, 'half-tokens.mjs'), 'export default () => () => 1.5;\n');
  await cp(join(folder, 'base', 'model'), join(folder, 'cut'), { recursive: true });
  await truncate(join(folder, 'cut', 'model.safetensors'), 5000);
  await cp(join(folder, 'base', 'model'), join(folder, 'deaf'), { recursive: true });
  await writeFile(join(folder, 'deaf', 'tokenizer.json'), '{"model": {"type": "Unigram"}}');
  await writeMisfit();
}, 120_000);

/** Arguments, and what the one line on stderr says of the place and of the expectation. */
const CASES: readonly (readonly [name: string, args: readonly string[], says: RegExp])[] = [
  ['a missing field', ['train', 'no-model.yaml'], /no-model\.yaml: model: is missing, expected/],
  [
    'an unknown field',
    ['train', 'train.yaml', 'stpes=3'],
    /train\.yaml: stpes: unknown field, expected one of .*steps/,
  ],
  [
    'an unknown field of a component',
    ['train', 'train.yaml', 'budget.initialTokenz=3'],
    /budget\.initialTokenz: unknown field, expected one of use, initialTokens/,
  ],
  [
    'a value of another type',
    ['train', 'train.yaml', 'steps=many'],
    /steps: is "many", expected a value of type number/,
  ],
  [
    'a value out of range',
    ['train', 'train.yaml', 'batch.groupSize=0'],
    /batch\.groupSize: is 0, expected a number ≥ 1/,
  ],
  [
    'an unknown choice',
    ['train', 'train.yaml', 'backend=cuda'],
    /backend: is "cuda", expected auto, tensorflow, webgpu, wasm/,
  ],
  [
    'an unknown backend',
    ['train', 'train.yaml', '--backend', 'cuda'],
    /--backend <name>' argument 'cuda' is invalid/,
  ],
  [
    'an option of a component out of range',
    ['train', 'train.yaml', 'budget.decay=0'],
    /train\.yaml: budget: decay is 0/,
  ],
  [
    'a component that is not installed',
    ['train', 'train.yaml', 'budget.use=exponentail'],
    /budget\.use: is "exponentail", expected a built-in name/,
  ],
  [
    'a component that is not there',
    ['train', 'train.yaml', 'budget.use=./none.mjs'],
    /budget\.use: .*none\.mjs: not found/,
  ],
  [
    'a component without a factory',
    ['train', 'train.yaml', 'budget.use=./no-factory.mjs'],
    /budget\.use: .*no-factory\.mjs: exports budget, expected a factory function as its default export/,
  ],
  [
    'a component that breaks its contract',
    ['train', 'train.yaml', 'budget.use=./not-a-budget.mjs'],
    /budget\.use: .*not-a-budget\.mjs: its factory returned number, expected a function/,
  ],
  [
    'a budget that is no whole number',
    ['train', 'train.yaml', 'budget.use=./half-tokens.mjs'],
    /budget\.use: .*half-tokens\.mjs: gave 1\.5 at step 0/,
  ],
  [
    'a regular expression that is none',
    ['train', 'train.yaml', 'corpus.remove=(['],
    /corpus\.remove: is "\(\[", expected a regular/,
  ],
  [
    'a template without a budget',
    ['train', 'train.yaml', 'instruction.template=go'],
    /instruction\.template: .*\{budget\}/,
  ],
  [
    'an argument that is no override',
    ['train', 'train.yaml', 'steps'],
    /steps: is no override, expected key=value/,
  ],
  ['a configuration that is not there', ['train', 'none.yaml'], /none\.yaml: not found/],
  ['a configuration that is a list', ['train', 'list.yaml'], /list\.yaml: is not a configuration/],
  ['a configuration that is no YAML', ['train', 'broken.yaml'], /broken\.yaml:\d+: is no valid YAML/],
  ['no configuration', ['train'], /CONFIG: is missing/],
  ['a run to resume that is none', ['train', '--resume', 'nowhere'], /nowhere: has no config\.yaml/],
  ['a model that is not there', ['train', 'train.yaml', 'model=nowhere'], /nowhere.*: not found/],
  ['truncated weights', ['train', 'train.yaml', 'model=cut'], /cut.model\.safetensors: /],
  [
    'a tokenizer of another kind',
    ['train', 'train.yaml', 'model=deaf'],
    /deaf.tokenizer\.json: model\.type: expected 'BPE'/,
  ],
  [
    'a tokenizer that does not fit',
    ['train', 'train.yaml', 'model=misfit'],
    /misfit: the tokenizer has 2048 tokens but the model's vocab_size is 100/,
  ],
  ['a corpus that is not there', ['train', 'train.yaml', 'corpus.files=none.jsonl'], /none\.jsonl/],
  [
    'an empty corpus',
    ['train', 'train.yaml', 'corpus.files=empty.jsonl'],
    /empty\.jsonl: no document with any text/,
  ],
  ['a broken line', ['train', 'train.yaml', 'corpus.files=bad.jsonl'], /bad\.jsonl:2/],
  [
    'a field that is not there',
    ['train', 'train.yaml', 'corpus.field=body'],
    /corpus\.jsonl:1: has no field "body", only text/,
  ],
  [
    'a document longer than the context',
    ['train', 'train.yaml', 'corpus.files=long.jsonl'],
    /long\.jsonl:2: has \d+ tokens, expected at most \d+/,
  ],
  [
    'a budget beyond the context',
    ['train', 'train.yaml', 'budget.initialTokens=80'],
    /budget: of 80 tokens makes thoughts of up to 160/,
  ],
  [
    'two models at once',
    ['pretrain', 'base.yaml', 'model=base/model', 'output=out'],
    /model: .*expected either model/,
  ],
  [
    'more documents a step than there are',
    ['train', 'train.yaml', 'batch.documents=5000'],
    /train\.yaml: batch\.documents: is 5000, expected at most \d+, the number of documents of the corpus/,
  ],
  [
    'a temperature at which nothing is learnt',
    ['train', 'train.yaml', 'rollout.temperature=0'],
    /train\.yaml: rollout\.temperature: /,
  ],
  ['an unknown command', ['trian'], /unknown command 'trian'/],
  ['a prompt without tokens', ['generate', 'base/model', '--prompt', ''], /--prompt: has no tokens/],
  [
    'a number that is none',
    ['generate', 'base/model', '--prompt', 'a', '--max-new-tokens', '0'],
    /expected a whole number ≥ 1/,
  ],
  [
    'an empty text to score',
    ['eval', 'lm', 'base/model', '--corpus', 'empty.jsonl'],
    /empty\.jsonl: no document/,
  ],
  [
    'a text beyond the context',
    ['eval', 'lm', 'base/model', '--corpus', 'long.jsonl'],
    /long\.jsonl:2: has \d+ tokens/,
  ],
  ['a folder that is no run', ['report', 'cut'], /cut: has no metrics\.jsonl/],
];

describe('bad input gets one line, exit status 2, and leaves nothing', () => {
  test.each(CASES)('%s', { timeout: 30_000 }, async (_, args, says) => {
    const { status, stdout, stderr } = await runCli(args, folder);
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
    expect(stderr).toMatch(says);
    expect(errors).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

test('each mistake of a configuration gets a line', { timeout: 30_000 }, async () => {
  const { status, stderr } = await runCli(['train', 'no-model.yaml', 'steps=0', 'lambda=-1'], folder);
  expect(status).toBe(2);
  expect(stderr.match(/^error: no-model\.yaml: (model|steps|lambda): /gm)).toHaveLength(3);
});

// A limit on the size of a file fails as a full disk does, and needs no rights to set.
test.skipIf(process.platform === 'win32')(
  'a full disk gets one line, exit status 1, and leaves whole files only',
  { timeout: 60_000 },
  async () => {
    const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));
    const script = `trap '' XFSZ; ulimit -f 64; exec "$0" "$1" train train.yaml output=full checkpoint.every=1`;
    const child = spawn('bash', ['-c', script, process.execPath, entry], { cwd: folder });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const status = await new Promise((done) => child.on('close', done));
    expect(stderr).toMatch(/^error: .*full.checkpoints.*step-1.*: the disk is full/m);
    expect(stderr.match(/^error: /gm)).toHaveLength(1);
    expect(status).toBe(1);

    const files = await readdir(join(folder, 'full'), { recursive: true });
    expect(files.filter((name) => name.includes('partial') || name.includes('model'))).toEqual([]);
    for (const name of files.filter((name) => /\.jsonl?$/.test(name))) {
      const text = await readFile(join(folder, 'full', name), 'utf8');
      for (const part of name.endsWith('l') ? text.trim().split('\n') : [text]) JSON.parse(part);
    }
    const resumed = await runCli(['train', '--resume', 'full'], folder);
    expect(resumed.status).toBe(0);
  },
);
