// Times fused operations, forward and, where they have one, with their gradient, on the wasm backend: the reference on tfjs's
// kernels as shipped against what midtrain installs. Prints medians in milliseconds and their ratio; both sides are run as often
// as fits into three seconds, 3 to 15 times. adamWFunction and plannedAttention have no kernel of their own on wasm: there the
// reference runs on midtrain's kernels; plannedAttention's gradient does not run as shipped. dropoutFactors and the caches that
// decodeAttention reads are not timed. Build first; run `node bench/ops.mjs`, or `node bench/ops.mjs 1` to see that all of it runs.
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import * as kernels from '../dist/index.js';
import { medianMilliseconds } from './timing.mjs';

const repeats = { repetitions: Number(process.argv[2] ?? 15), budget: 3000 };

const size = { tokens: 2048, width: 128, hidden: 384, heads: 4, vocabulary: 2048 };

const normal = (...shape) => tf.keep(tf.randomNormal(shape, 0, 1, 'float32', 1));
const ids = (count, below) => tf.keep(tf.randomUniformInt([count], 0, below, 1));

/** Forward alone, and forward with the gradients of `inputs`. */
function forwardAndBackward(name, inputs, compute) {
  const direction = normal(...tf.tidy(() => compute(...inputs)).shape);
  return [
    { name, run: () => compute(...inputs) },
    { name: `${name} + gradient`, run: () => tf.grads(compute)(inputs, direction) },
  ];
}

/** A document with branches of 24 tokens at some of its positions, all tokens together. */
function forest() {
  const [document, positions, branches, length] = [512, 8, 8, 24];
  const groups = [{ start: 0, lengths: [document], prefix: [] }];
  let tokens = document;
  for (let i = 1; i <= positions; i++) {
    const prefix = [{ start: 0, length: (document * i) / positions }];
    groups.push({ start: tokens, lengths: Array(branches).fill(length), prefix });
    tokens += branches * length;
  }
  return { groups, tokens };
}

function attentions() {
  const { width, heads } = size;
  const { groups, tokens } = forest();
  const queriesKeysValues = [1, 2, 3].map(() => normal(tokens, heads, width / heads));
  const plan = kernels.attentionPlan(groups, tokens);
  const [branches, own, shared] = [64, 24, 512];
  const seen = (columns) => tf.keep(tf.zeros([branches, columns]));
  const cache = (count, columns) => normal(count, heads, columns, width / heads);
  const mine = { keys: cache(branches, own), values: cache(branches, own), mask: seen(own) };
  const theirs = { keys: cache(1, shared), values: cache(1, shared), mask: seen(shared) };
  const query = normal(branches, heads, width / heads);
  return [
    ...forwardAndBackward(`treeAttention, ${tokens} tokens`, queriesKeysValues, (q, k, v) =>
      kernels.treeAttention(q, k, v, groups),
    ),
    {
      name: `plannedAttention, ${tokens} tokens`,
      run: () => kernels.plannedAttention(...queriesKeysValues, plan),
    },
    {
      name: `decodeAttention, ${branches} branches`,
      run: () => kernels.decodeAttention(query, mine, theirs),
    },
  ];
}

function optimisers() {
  const gradients = { a: normal(1024, 1024) };
  const parameters = { a: tf.variable(gradients.a) };
  const optimiser = kernels.adamW();
  const state = optimiser.init(parameters);
  const update = kernels.adamWFunction();
  const tensors = {
    parameter: normal(1024, 1024),
    gradient: gradients.a,
    firstMoment: normal(1024, 1024),
    secondMoment: tf.keep(tf.ones([1024, 1024])),
    scalars: tf.keep(update.scalars(1, 1e-3)),
    factor: tf.keep(tf.scalar(1)),
  };
  return [
    { name: 'adamW, 1024²', run: () => optimiser.update(parameters, gradients, state, 1e-3) },
    { name: 'adamWFunction, 1024²', run: () => update.update('a', tensors) },
    { name: 'clipByGlobalNorm, 1024²', run: () => kernels.clipByGlobalNorm(gradients, 1) },
  ];
}

function operations() {
  const { tokens, width, hidden, heads, vocabulary } = size;
  const x = normal(tokens, width);
  const head = normal(vocabulary, width);
  const targets = ids(tokens, vocabulary);
  const angles = [normal(tokens, width / heads / 2), normal(tokens, width / heads / 2)];
  const uniforms = tf.keep(tf.randomUniform([tokens], 0, 1, 'float32', 1));
  return [
    ...forwardAndBackward('rmsNorm', [x, normal(width)], (a, b) => kernels.rmsNorm(a, b, 1e-5)),
    ...forwardAndBackward('rotary', [normal(tokens, heads, width / heads)], (a) =>
      kernels.rotary(a, ...angles),
    ),
    ...forwardAndBackward('swiGlu', [normal(tokens, hidden), normal(tokens, hidden)], kernels.swiGlu),
    ...forwardAndBackward('embeddingLookup', [head], (a) => kernels.embeddingLookup(a, targets)),
    ...forwardAndBackward('targetLogProbs', [x, head], (a, b) => kernels.targetLogProbs(a, b, targets)),
    ...forwardAndBackward(
      'tokenLogProbs',
      [x, head],
      (a, b) => kernels.tokenLogProbs(a, b, targets).logProbs_N,
    ),
    ...forwardAndBackward('tokenLogProbs, entropies too', [x, head], (a, b) => {
      const { logProbs_N, entropies_N } = kernels.tokenLogProbs(a, b, targets, { entropyGradient: true });
      return tf.add(logProbs_N, entropies_N);
    }),
    { name: 'sampleTokens', run: () => kernels.sampleTokens(x, head, uniforms) },
    {
      name: 'sampleTokens, topP 0.95',
      run: () => kernels.sampleTokens(x, head, uniforms, { topP: 0.95 }),
    },
    ...attentions(),
    ...optimisers(),
  ];
}

const time = (run) => medianMilliseconds(() => tf.tidy(() => void run()), repeats);

await kernels.prepareTfjs();
if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend did not start');
const list = operations();
const shipped = list.map(({ run }) => time(run));
const { ok, reason } = kernels.nativeStatus();
kernels.installWasmKernels();
kernels.installWasmOps({ native: ok });
const installed = list.map(({ run }) => time(run));
console.log(JSON.stringify(size), `native: ${reason}`);
list.forEach(({ name }, index) => {
  const ratio = (shipped[index] / installed[index]).toFixed(1);
  console.log(
    `${name.padEnd(40)} ${shipped[index].toFixed(2)} → ${installed[index].toFixed(2)} ms  ${ratio}×`,
  );
});
