// Times every fused operation, forward and backward, on the wasm backend: its reference on tfjs's kernels as shipped
// against what midtrain installs. Prints milliseconds and their ratio. Build first; run `node bench/ops.mjs`.
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import * as kernels from '../dist/index.js';

const size = { tokens: 2048, width: 128, hidden: 384, heads: 4, vocabulary: 2048 };

const normal = (...shape) => tf.keep(tf.randomNormal(shape, 0, 1, 'float32', 1));
const ids = (count, below) => tf.keep(tf.randomUniformInt([count], 0, below, 1));

/** Forward alone, and forward with the gradients of `inputs`. */
function forwardAndBackward(name, inputs, compute) {
  const direction = normal(...tf.tidy(() => compute(...inputs).shape));
  return [
    { name, run: () => tf.dispose(compute(...inputs)) },
    { name: `${name} + gradient`, run: () => tf.dispose(tf.grads(compute)(inputs, direction)) },
  ];
}

function operations() {
  const { tokens, width, hidden, heads, vocabulary } = size;
  const x = normal(tokens, width);
  const head = normal(vocabulary, width);
  const targets = ids(tokens, vocabulary);
  const angles = [normal(tokens, width / heads / 2), normal(tokens, width / heads / 2)];
  const uniforms = tf.keep(tf.randomUniform([tokens], 0, 1, 'float32', 1));
  const gradients = { a: normal(1024, 1024) };
  const parameters = { a: tf.variable(gradients.a) };
  const optimiser = kernels.adamW();
  const state = optimiser.init(parameters);
  return [
    ...forwardAndBackward('rmsNorm', [x, normal(width)], (a, b) => kernels.rmsNorm(a, b, 1e-5)),
    ...forwardAndBackward('rotary', [normal(tokens, heads, width / heads)], (a) =>
      kernels.rotary(a, ...angles),
    ),
    ...forwardAndBackward('swiGlu', [normal(tokens, hidden), normal(tokens, hidden)], kernels.swiGlu),
    ...forwardAndBackward('embeddingLookup', [head], (a) => kernels.embeddingLookup(a, targets)),
    ...forwardAndBackward(
      'tokenLogProbs',
      [x, head],
      (a, b) => kernels.tokenLogProbs(a, b, targets).logProbs_N,
    ),
    ...forwardAndBackward('tokenLogProbs, entropies too', [x, head], (a, b) => {
      const { logProbs_N, entropies_N } = kernels.tokenLogProbs(a, b, targets, { entropyGradient: true });
      return tf.add(logProbs_N, entropies_N);
    }),
    { name: 'sampleTokens', run: () => tf.dispose(kernels.sampleTokens(x, head, uniforms)) },
    {
      name: 'sampleTokens, topP 0.95',
      run: () => tf.dispose(kernels.sampleTokens(x, head, uniforms, { topP: 0.95 })),
    },
    { name: 'adamW, 1024²', run: () => optimiser.update(parameters, gradients, state, 1e-3) },
    { name: 'clipByGlobalNorm, 1024²', run: () => tf.dispose(kernels.clipByGlobalNorm(gradients, 1)) },
  ];
}

/** The best of some runs after a first one, in milliseconds: what the machine does when left alone. */
function time(run, repeats = 15) {
  run();
  const times = Array.from({ length: repeats }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

await kernels.prepareTfjs();
if (!(await tf.setBackend('wasm')) || tf.getBackend() !== 'wasm')
  throw new Error('the wasm backend did not start');
const list = operations();
const shipped = list.map(({ run }) => time(run, 2));
const { ok, reason } = kernels.nativeStatus();
kernels.installWasmOps({ native: ok });
const installed = list.map(({ run }) => time(run));
console.log(JSON.stringify(size), `native: ${reason}`);
list.forEach(({ name }, index) => {
  const ratio = (shipped[index] / installed[index]).toFixed(1);
  console.log(
    `${name.padEnd(40)} ${shipped[index].toFixed(2)} → ${installed[index].toFixed(2)} ms  ${ratio}×`,
  );
});
