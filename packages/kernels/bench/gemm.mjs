// GFLOPS of tf.matMul by shape. Usage: gemm.mjs shipped|midtrain, prints one JSON object.
import { prepare } from './prepare.mjs';
import { medianMilliseconds } from './timing.mjs';

const SHAPES = [
  // [batches, m, k, n, transposeA, transposeB]
  [1, 1024, 1024, 1024, false, false],
  [1, 2048, 128, 384, false, false],
  [1, 2048, 384, 128, false, true],
  [1, 128, 2048, 384, true, false],
  [1, 2048, 128, 2048, false, true],
  [64, 128, 32, 128, false, true],
  [64, 128, 128, 32, false, false],
  [64, 128, 128, 32, true, false],
  [1, 64, 128, 128, false, false],
  [1, 1, 128, 384, false, false],
];

const tf = await prepare(process.argv[2]);
const rows = SHAPES.map(([batches, m, k, n, transposeA, transposeB]) => {
  const a = tf.randomNormal(transposeA ? [batches, k, m] : [batches, m, k]);
  const b = tf.randomNormal(transposeB ? [batches, n, k] : [batches, k, n]);
  const multiply = () => tf.matMul(a, b, transposeA, transposeB).dispose();
  const milliseconds = medianMilliseconds(multiply, { repetitions: 200, budget: 500 });
  tf.dispose([a, b]);
  const shape = `${batches > 1 ? `${batches} × ` : ''}[${m},${k}]${transposeA ? 'ᵀ' : ''}·[${k},${n}]${transposeB ? 'ᵀ' : ''}`;
  return { shape, gflops: (2e-6 * batches * m * k * n) / milliseconds };
});
process.stdout.write(JSON.stringify(rows));
