// Trains a small model on one backend and prints its losses as JSON, for two backends to be compared:
// node scripts/interop/tensorflow-training.mjs wasm|tensorflow. Needs built packages.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../workspace.mjs';

/** The packages as the command sees them. */
const { resolve } = createRequire(join(root, 'apps', 'cli', 'package.json'));
const load = (name) => import(resolve(name).replace(/\.cjs$/, '.js'));

const { seededRandom } = await load('@midtrain/curriculum');
const { selectBackend } = await load('@midtrain/kernels');
const { initialisePolicy, pretrain } = await load('@midtrain/core');

const CONFIG = {
  family: 'llama',
  vocabularySize: 500,
  hiddenSize: 64,
  layers: 3,
  heads: 4,
  keyValueHeads: 2,
  headDim: 16,
  intermediateSize: 160,
  rmsNormEpsilon: 1e-5,
  ropeTheta: 10_000,
  maxPositions: 512,
  tieWordEmbeddings: true,
  attentionBias: false,
  mlpBias: false,
  initializerRange: 0.05,
  eosTokenIds: [0],
};

const random = seededRandom(7, 'documents');
const tokens = (length) => Array.from({ length }, () => Math.floor(random.next() * CONFIG.vocabularySize));
/** Lengths around a few sizes of the padded batch, so that graphs are compiled, used again and joined by others. */
const documents = Array.from({ length: 24 }, (_, i) => ({
  id: String(i),
  tokenIds: Int32Array.from(tokens(40 + Math.floor(random.next() * 110))),
  thoughts: i % 3 === 0 ? [{ position: 20, instruction: tokens(4), tokenIds: tokens(12) }] : [],
}));

const backend = await selectBackend({ backend: process.argv[2] });
const policy = initialisePolicy(CONFIG, 3);
const steps = [];
const run = pretrain({
  policy,
  documents,
  totalSteps: 20,
  documentsPerStep: 6,
  seed: 5,
  learningRate: (step) => 2e-3 * Math.min(1, (step + 1) / 5),
});
for await (const { metrics } of run) steps.push([metrics.loss, metrics.gradientNorm]);
console.log(JSON.stringify({ backend: backend.name, version: backend.version, steps }));
await backend.close();
