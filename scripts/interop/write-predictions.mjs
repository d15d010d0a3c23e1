// Writes beside a model what midtrain predicts with it, for another program to compare:
// node scripts/interop/write-predictions.mjs FOLDER     reads FOLDER/model, writes FOLDER/expected.json
// Needs built packages.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../workspace.mjs';

const TEXTS = [
  'Natalia sold 48/2 = <<48/2=24>>24 clips in May, and 72 altogether.\n#### 72',
  'Zoë paid 3 € for the 😀 pin, and 1,234.56 for   the rest.',
  '<|im_start|>user\nWhat is 7 × 8?<|im_end|>\n<|im_start|>assistant\n',
];

const { resolve } = createRequire(join(root, 'apps', 'cli', 'package.json'));
const load = (name) => import(resolve(name).replace(/\.cjs$/, '.js'));
const { selectBackend } = await load('@midtrain/kernels');
const { loadPolicy, loadTokenizer, readTrunk } = await load('@midtrain/core');

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node scripts/interop/write-predictions.mjs FOLDER');
  process.exit(2);
}
const backend = await selectBackend({ backend: 'wasm' });
const tokenizer = await loadTokenizer(join(folder, 'model'));
const policy = await loadPolicy(join(folder, 'model'));
const encoded = TEXTS.map((text) => ({ text, tokenIds: tokenizer.encode(text) }));
const { readings } = await readTrunk(
  policy,
  encoded.map(({ tokenIds }) => Int32Array.from(tokenIds)),
);
const texts = encoded.map((entry, i) => ({
  ...entry,
  logProbs: [...readings[i].logProbs.subarray(1)],
  entropies: [...readings[i].entropies.subarray(1)],
  greedyTokenIds: [...readings[i].greedyTokenIds.subarray(1)],
}));
writeFileSync(join(folder, 'expected.json'), JSON.stringify({ texts }));
await backend.close();
