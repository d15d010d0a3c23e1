// Writes small models of every family with midtrain, and beside each what midtrain computes with it, for another program
// to compare: node scripts/interop/write-model.mjs FOLDER  →  FOLDER/<family>/model, FOLDER/<family>/expected.json
// Needs built packages.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { SHAPE } from './lib/shape.mjs';

const TEXTS = [
  'Natalia sold 48/2 = <<48/2=24>>24 clips in May, and 72 altogether.\n#### 72',
  '<think>48 / 2 = 24</think> Zoë paid 3 € for the 😀 pin.',
  '42 cats',
];

const FAMILIES = [
  { family: 'llama', headDim: 16, attentionBias: false, tieWordEmbeddings: false },
  { family: 'qwen2', headDim: 12, attentionBias: true, tieWordEmbeddings: true },
  { family: 'qwen3', headDim: 16, attentionBias: false, tieWordEmbeddings: false },
];

/** The packages as the command sees them. */
const { resolve } = createRequire(join(root, 'apps', 'cli', 'package.json'));
const load = (name) => import(resolve(name).replace(/\.cjs$/, '.js'));

const { seededRandom } = await load('@midtrain/curriculum');
const { selectBackend } = await load('@midtrain/kernels');
const { initialisePolicy, loadPolicy, loadTokenizer, readTrunk, savePolicy } = await load('@midtrain/core');

/** Norms and biases start at 1 and 0, where a mistake would not show: spreads them out. */
async function disturb({ parameters }, seed) {
  const random = seededRandom(seed, 'norms and biases');
  for (const [name, parameter] of Object.entries(parameters)) {
    if (!/(norm\.weight|\.bias)$/.test(name)) continue;
    const values = (await parameter.data()).map((value) => value + 0.6 * (random.next() - 0.5));
    parameter.assign(parameter.mul(0).add(values));
  }
}

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node scripts/interop/write-model.mjs FOLDER');
  process.exit(2);
}

const backend = await selectBackend();
const tokenizerDirectory = join(root, 'apps', 'cli', 'assets', 'tokenizer');
const tokenizer = await loadTokenizer(tokenizerDirectory);
for (const [seed, variant] of FAMILIES.entries()) {
  const config = {
    ...SHAPE,
    ...variant,
    vocabularySize: tokenizer.vocabularySize,
    eosTokenIds: tokenizer.eosTokenId === undefined ? [] : [tokenizer.eosTokenId],
  };
  const fresh = initialisePolicy(config, seed);
  await disturb(fresh, seed);
  const model = join(folder, variant.family, 'model');
  mkdirSync(model, { recursive: true });
  await savePolicy(fresh, model, { tokenizerDirectory });

  const encoded = TEXTS.map((text) => ({ text, tokenIds: tokenizer.encode(text) }));
  const { readings } = await readTrunk(
    await loadPolicy(model),
    encoded.map(({ tokenIds }) => Int32Array.from(tokenIds)),
  );
  const texts = encoded.map((entry, i) => ({
    ...entry,
    logProbs: [...readings[i].logProbs.subarray(1)],
    entropies: [...readings[i].entropies.subarray(1)],
    greedyTokenIds: [...readings[i].greedyTokenIds.subarray(1)],
  }));
  writeFileSync(join(folder, variant.family, 'expected.json'), JSON.stringify({ texts }));
}
console.log(`wrote ${FAMILIES.map(({ family }) => family).join(', ')} on ${backend.name}: ${backend.reason}`);
await backend.close();
