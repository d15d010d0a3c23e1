// The other side of smollm2_steps.py: node midtrain-smollm2.mjs full|lora|decode MODEL THREADS REPEATS, on the tensorflow
// backend. Prints one JSON object. Needs built packages and `midtrain setup tensorflow`.
import { load } from './load.mjs';

const { selectBackend } = await load('@midtrain/kernels');
const { loadPolicy, pretrain, treeCompletions, withLora } = await load('@midtrain/core');
const { seededRandom } = await load('@midtrain/curriculum');

const ROWS = 4;
const LENGTH = 128;
const BRANCHES = 64;
const PREFIX = 200;
const NEW = 32;

/** Whole steps as `midtrain pretrain` takes them. */
async function* train(policy, token, repeats) {
  const documents = Array.from({ length: ROWS }, (_, row) => ({
    id: String(row),
    tokenIds: Int32Array.from({ length: LENGTH }, (_, i) => token(row * LENGTH + i)),
  }));
  const options = { policy, documents, totalSteps: repeats, documentsPerStep: ROWS, seed: 1 };
  for await (const { metrics } of pretrain({
    ...options,
    learningRate: () => 1e-4,
    adamW: { weightDecay: 0.1 },
  })) {
    yield metrics.loss;
  }
}

/** Branches on one prefix, sampled at temperature 1. */
async function* decode(policy, token, repeats) {
  const prompt = Int32Array.from({ length: PREFIX }, (_, i) => token(i));
  const complete = treeCompletions(policy);
  for (let i = 0; i < repeats; i++) {
    const [branches] = await complete({
      prompts: [prompt],
      groupSize: BRANCHES,
      maxNewTokens: NEW,
      stopTokenIds: [],
      random: seededRandom(i, 'decode'),
    });
    if (branches.length !== BRANCHES || branches.some(({ tokenIds }) => tokenIds.length !== NEW)) {
      throw new Error('some branch is not as long as asked');
    }
    yield;
  }
}

const [what, directory, threads, repeats] = process.argv.slice(2);
const { version } = await selectBackend({ backend: 'tensorflow', threads: Number(threads) });
const base = await loadPolicy(directory);
const policy = what === 'lora' ? withLora(base, { rank: 16, alpha: 32 }, 1) : base;
const token = (i) => (i * 2654435761) % base.config.vocabularySize;
const seconds = [];
const results = [];
let start = performance.now();
for await (const one of (what === 'decode' ? decode : train)(policy, token, Number(repeats))) {
  seconds.push((performance.now() - start) / 1000);
  results.push(one);
  start = performance.now();
}
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ version, seconds, firstLoss: results[0], peakBytes }));
