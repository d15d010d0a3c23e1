// The other side of torch_steps.py: node midtrain-steps.mjs gemm|small|mid THREADS REPEATS [BACKEND], by default on tensorflow.
// Prints one JSON object with the seconds of each repetition. Needs built packages; tensorflow needs `midtrain setup tensorflow`.
import { load } from './load.mjs';

const { selectBackend } = await load('@midtrain/kernels');
const { initialisePolicy, pretrain } = await load('@midtrain/core');
const tf = await load('@tensorflow/tfjs-core');

const LENGTH = 128;
const SIZES = {
  small: {
    hiddenSize: 128,
    layers: 4,
    heads: 4,
    keyValueHeads: 4,
    intermediateSize: 512,
    vocabularySize: 2048,
    rows: 16,
  },
  mid: {
    hiddenSize: 576,
    layers: 6,
    heads: 9,
    keyValueHeads: 3,
    intermediateSize: 1536,
    vocabularySize: 8192,
    rows: 8,
  },
};

function* gemm(repeats) {
  const [a, b] = [tf.randomNormal([1024, 1024]), tf.randomNormal([1024, 1024])];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    const product = tf.matMul(a, b);
    yield (performance.now() - start) / 1000;
    product.dispose();
  }
}

/** Whole steps as `midtrain pretrain` takes them, with other documents each time. */
async function* train({ rows, ...shape }, repeats) {
  const rest = {
    family: 'llama',
    rmsNormEpsilon: 1e-5,
    ropeTheta: 10_000,
    maxPositions: 512,
    initializerRange: 0.02,
  };
  const flags = { tieWordEmbeddings: true, attentionBias: false, mlpBias: false, eosTokenIds: [0] };
  const policy = initialisePolicy(
    { ...rest, ...flags, ...shape, headDim: shape.hiddenSize / shape.heads },
    1,
  );
  const token = (i) => (i * 2654435761) % shape.vocabularySize;
  const documents = Array.from({ length: 4 * rows }, (_, d) => ({
    id: String(d),
    tokenIds: Int32Array.from({ length: LENGTH }, (_, i) => token(d * LENGTH + i)),
  }));
  const options = { policy, documents, totalSteps: repeats, documentsPerStep: rows, seed: 1 };
  let start = performance.now();
  for await (const _ of pretrain({ ...options, learningRate: () => 1e-3, adamW: { weightDecay: 0.1 } })) {
    yield (performance.now() - start) / 1000;
    start = performance.now();
  }
}

const [what, threads, repeats, backend = 'tensorflow'] = process.argv.slice(2);
const { version } = await selectBackend({ backend, threads: Number(threads) });
const seconds = [];
const runs = what === 'gemm' ? gemm(Number(repeats)) : train(SIZES[what], Number(repeats));
for await (const one of runs) seconds.push(one);
console.log(JSON.stringify({ version, seconds }));
