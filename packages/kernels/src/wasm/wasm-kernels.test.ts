import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configureNative, nativeStatus } from '../native/index.js';
import { prepareTfjs } from '../tfjs/prepare-tfjs.js';
import { installWasmKernels } from './install-wasm-kernels.js';

type Case = readonly [name: string, compute: () => tf.Tensor | tf.Tensor[]];

const sizeOf = (shape: number[]): number => shape.reduce((a, b) => a * b, 1);

/** Numbers in -1..1 that repeat from run to run. */
function numbers(shape: number[], seed = 1): tf.Tensor {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43_758.5453;
    return 2 * (x - Math.floor(x)) - 1;
  });
  return tf.tensor(values, shape);
}

const integers = (shape: number[], below: number): tf.Tensor =>
  tf.tensor(
    Int32Array.from({ length: sizeOf(shape) }, (_, i) => (i * 7919 + 3) % below),
    shape,
    'int32',
  );

/** Batches made explicit on the cpu backend, which gets broadcasting over several of them wrong. */
function explicit(x: tf.Tensor, other: number[]): tf.Tensor {
  if (tf.getBackend() !== 'cpu') return x;
  const batches = tf.broadcast_util.assertAndGetBroadcastShape(x.shape.slice(0, -2), other.slice(0, -2));
  return tf.broadcastTo(x, [...batches, ...x.shape.slice(-2)]);
}

const products: Case[] = [
  [[3, 4], [4, 5], false, false],
  [[4, 3], [4, 5], true, false],
  [[3, 4], [5, 4], false, true],
  [[4, 3], [5, 4], true, true],
  [[65, 130], [130, 67], false, false],
  [[1, 128], [300, 128], false, true],
  [[2, 3, 4], [2, 4, 5], false, false],
  [[2, 4, 3], [2, 4, 5], true, false],
  [[2, 3, 4], [2, 5, 4], false, true],
  [[2, 4, 3], [2, 5, 4], true, true],
  [[6, 33, 16], [6, 16, 40], false, false],
  [[5, 3, 4], [4, 6], false, false],
  [[5, 4, 3], [4, 6], true, false],
  [[3, 4], [5, 4, 6], false, false],
  [[1, 3, 4], [5, 6, 4], false, true],
  [[2, 1, 3, 4], [1, 3, 4, 5], false, false],
  [[2, 1, 4, 3], [3, 5, 4], true, true],
  [[2, 3, 4, 5], [2, 3, 5, 6], false, false],
  [[0, 4], [4, 5], false, false],
  [[3, 0], [0, 5], false, false],
  [[1, 1], [1, 1], true, true],
].map(([a, b, tA, tB]): Case => {
  const [left, right] = [a as number[], b as number[]];
  return [
    `matMul [${left}]${tA ? 'ᵀ' : ''} × [${right}]${tB ? 'ᵀ' : ''}`,
    () =>
      tf.matMul(
        explicit(numbers(left), right),
        explicit(numbers(right, 2), left),
        tA as boolean,
        tB as boolean,
      ),
  ];
});

const transposes: Case[] = [
  [
    [3, 5],
    [1, 0],
  ],
  [
    [150, 130],
    [1, 0],
  ],
  [
    [7, 3, 5],
    [0, 2, 1],
  ],
  [
    [3, 90, 80],
    [0, 2, 1],
  ],
  [
    [4, 3, 5, 6],
    [0, 2, 1, 3],
  ],
  [
    [8, 40, 4, 32],
    [0, 2, 1, 3],
  ],
  [
    [8, 40, 4, 32],
    [0, 2, 3, 1],
  ],
  [
    [8, 40, 4, 32],
    [2, 0, 1, 3],
  ],
  [
    [4, 3, 5],
    [2, 1, 0],
  ],
  [
    [40, 30, 50],
    [2, 1, 0],
  ],
  [
    [1, 3, 1, 5],
    [3, 2, 1, 0],
  ],
  [
    [2, 3, 4],
    [0, 1, 2],
  ],
  [
    [2, 3, 2, 3, 2],
    [4, 2, 0, 3, 1],
  ],
  [
    [0, 3],
    [1, 0],
  ],
].flatMap(([shape, perm]): Case[] => [
  [`transpose [${shape}] by [${perm}]`, () => tf.transpose(numbers(shape), perm)],
  [`transpose int32 [${shape}] by [${perm}]`, () => tf.transpose(integers(shape, 99), perm)],
]);

const pieces: Case[] = [
  ['slice of rows', () => tf.slice(numbers([9, 4]), [2, 0], [3, -1])],
  ['slice of columns', () => tf.slice(numbers([9, 70]), [0, 3], [-1, 60])],
  ['slice of a box', () => tf.slice(numbers([3, 4, 5, 6]), [1, 0, 2, 3], [2, 3, 2, 2])],
  ['slice of five axes', () => tf.slice(numbers([2, 3, 2, 3, 4]), [0, 1, 1, 0, 2], [2, 2, 1, 3, 2])],
  ['slice of bools', () => tf.slice(tf.greater(numbers([5, 5]), 0), [1, 1], [3, 3])],
  ['slice of nothing', () => tf.slice(numbers([4, 3]), [2, 0], [0, 3])],
  ['slice of int32', () => tf.slice(integers([4, 3], 50), [1, 1], [2, 2])],
  ['slice of a vector', () => tf.slice(numbers([100]), [7], [60])],
  ['split in halves', () => tf.split(numbers([4, 6, 8]), 2, -1)],
  ['split by sizes', () => tf.split(numbers([4, 7]), [1, 4, 2], 1)],
  ['split along rows', () => tf.split(numbers([6, 64]), 3, 0)],
  ['unstack the first axis', () => tf.unstack(numbers([3, 4, 5]))],
  ['unstack the last axis', () => tf.unstack(numbers([3, 4, 5]), -1)],
  ['concat rows', () => tf.concat([numbers([2, 3]), numbers([4, 3], 2), numbers([1, 3], 3)], 0)],
  ['concat columns', () => tf.concat([numbers([2, 3]), numbers([2, 70], 2)], -1)],
  ['concat in the middle', () => tf.concat([numbers([2, 3, 4]), numbers([2, 1, 4], 2)], 1)],
  ['concat int32', () => tf.concat([integers([2, 3], 9), integers([2, 2], 9)], 1)],
  ['concat float32 and int32', () => tf.concat([numbers([2, 3]), integers([2, 2], 9)], 1)],
  ['concat int32 and float32', () => tf.concat([integers([4], 9), tf.tensor1d([1, 2, 3])])],
  ['concat float32 and bool', () => tf.concat([numbers([3]), tf.greater(numbers([70], 2), 0)])],
  ['stack', () => tf.stack([numbers([2, 3]), numbers([2, 3], 2)], 1)],
];

const lookups: Case[] = [
  ['gather rows', () => tf.gather(numbers([50, 64]), integers([2, 9], 50))],
  ['gather short rows', () => tf.gather(numbers([50, 3]), integers([9], 50))],
  ['gather columns', () => tf.gather(numbers([4, 50]), integers([9], 50), 1)],
  ['gather int32', () => tf.gather(integers([50], 77), integers([9], 50))],
  ['gather with batches', () => tf.gather(numbers([3, 5, 2]), integers([3, 4], 5), 1, 1)],
  ['gather with batches along the last axis', () => tf.gather(numbers([3, 5, 7]), integers([3, 4], 7), 2, 1)],
  [
    'segment sum with ids left out',
    () => tf.unsortedSegmentSum(numbers([6, 5]), tf.tensor1d([2, 0, -1, 2, 7, 1], 'int32') as tf.Tensor1D, 4),
  ],
  [
    'gradient of gather',
    () => tf.grad((x) => tf.sum(tf.square(tf.gather(x, integers([40], 7) as tf.Tensor1D))))(numbers([7, 3])),
  ],
  ['oneHot float32', () => tf.oneHot(tf.tensor1d([2, -1, 0, 9], 'int32'), 4, 1, 0, 'float32')],
  ['oneHot with values', () => tf.oneHot(tf.tensor2d([[1], [3]], [2, 1], 'int32'), 5, 7, -2, 'int32')],
  ['oneHot bool', () => tf.oneHot(tf.tensor1d([1, 0], 'int32'), 3, 1, 0, 'bool')],
  ['cast to the same dtype', () => tf.cast(numbers([3, 3]), 'float32')],
  ['cast to int32', () => tf.cast(tf.mul(numbers([3, 3]), 9), 'int32')],
  ['clone', () => tf.clone(numbers([3, 3]))],
  [
    'scatter with an index twice',
    () => tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], 'int32'), numbers([3, 4]), [5, 4]),
  ],
  ['tile', () => tf.tile(numbers([2, 3]), [3, 2])],
  ['broadcastTo', () => tf.broadcastTo(numbers([1, 3]), [4, 3])],
];

const functions: Case[] = [
  [40, 30],
  [300, 200],
].flatMap(([n, d]): Case[] => [
  [`softmax [${n},${d}]`, () => tf.softmax(tf.mul(numbers([n, d]), 8))],
  [`logSoftmax [${n},${d}]`, () => tf.logSoftmax(tf.mul(numbers([n, d]), 8))],
  [`exp [${n},${d}]`, () => tf.exp(tf.mul(numbers([n, d]), 4))],
  [`log [${n},${d}]`, () => tf.log(tf.add(numbers([n, d]), 1.1))],
  [`sigmoid [${n},${d}]`, () => tf.sigmoid(tf.mul(numbers([n, d]), 20))],
  [`tanh [${n},${d}]`, () => tf.tanh(tf.mul(numbers([n, d]), 9))],
  [`erf [${n},${d}]`, () => tf.erf(tf.mul(numbers([n, d]), 3))],
  [`sin [${n},${d}]`, () => tf.sin(tf.mul(numbers([n, d]), 500))],
  [`cos [${n},${d}]`, () => tf.cos(tf.mul(numbers([n, d]), 500))],
  ...[[0], [1], [0, 1]].flatMap((axes): Case[] => [
    [`sum of [${n},${d}] over [${axes}]`, () => tf.sum(numbers([n, d]), axes)],
    [`mean of [${n},${d}] over [${axes}]`, () => tf.mean(numbers([n, d]), axes, true)],
    [`max of [${n},${d}] over [${axes}]`, () => tf.max(numbers([n, d]), axes)],
  ]),
  [`sum of [5,${n},${d}] over [0,2]`, () => tf.sum(numbers([5, n, d]), [0, 2])],
  [`sum of [5,${n},${d}] over [1]`, () => tf.sum(numbers([5, n, d]), 1, true)],
  [`sum of int32 [${n},${d}]`, () => tf.sum(integers([n, d], 100), 0)],
  [`max of int32 [${n},${d}]`, () => tf.max(integers([n, d], 100), 1)],
]);

const fused: Case[] = (['linear', 'relu', 'relu6', 'sigmoid', 'elu'] as const).map((activation) => [
  `fused matMul with bias and ${activation}`,
  () =>
    tf.fused.matMul({
      a: tf.mul(numbers([7, 5]), 9) as tf.Tensor2D,
      b: numbers([6, 5], 2) as tf.Tensor2D,
      transposeB: true,
      bias: numbers([6], 3),
      activation,
    }),
]);

const gradients: Case[] = [
  ...products.slice(0, 16).map(([name, compute], i): Case => {
    const weigh = (y: tf.Tensor): tf.Tensor => tf.mul(y, numbers(y.shape, 50 + i));
    return [`${name}, summed`, () => tf.sum(weigh(compute() as tf.Tensor))];
  }),
  [
    'gradients of matMul',
    () =>
      tf.grads((a, b) => tf.sum(tf.square(tf.matMul(a, b, false, true))))([
        numbers([2, 9, 8]),
        numbers([2, 7, 8]),
      ]),
  ],
  [
    'gradients of matMul, transposed on the left',
    () => tf.grads((a, b) => tf.sum(tf.square(tf.matMul(a, b, true))))([numbers([9, 8]), numbers([9, 7])]),
  ],
  [
    'gradient of softmax',
    () => tf.grad((x) => tf.sum(tf.mul(tf.softmax(x), numbers([200, 100], 3))))(numbers([200, 100])),
  ],
  ['gradient of split', () => tf.grad((x) => tf.sum(tf.square(tf.split(x, 2, 1)[1])))(numbers([6, 8]))],
];

const groups = { products, transposes, pieces, lookups, functions, fused, gradients };

interface Result {
  readonly shape: number[];
  readonly dtype: string;
  readonly values: number[];
}

function results([, compute]: Case): Result[] {
  return tf.tidy(() =>
    [compute()].flat().map((tensor) => ({
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: [...tensor.dataSync()],
    })),
  );
}

function expectSame(found: Result[], expected: Result[]): void {
  expect(found.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    expected.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  found.forEach(({ values }, i) => {
    const scale = expected[i].values.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
    const worst = values.reduce((max, value, j) => Math.max(max, Math.abs(value - expected[i].values[j])), 0);
    expect(worst).toBeLessThanOrEqual(2e-5 * scale);
  });
}

const wanted = new Map<Case, Result[]>();

beforeAll(async () => {
  await prepareTfjs();
  await tf.setBackend('cpu');
  for (const group of Object.values(groups)) for (const one of group) wanted.set(one, results(one));
  await tf.setBackend('wasm');
  expect(tf.getBackend()).toBe('wasm');
});

afterAll(() => {
  configureNative({ enabled: true });
});

for (const enabled of [true, false]) {
  describe(enabled ? 'wasm kernels with the native engine' : 'wasm kernels without the native engine', () => {
    beforeAll(() => {
      configureNative({ enabled });
      expect(installWasmKernels().ok).toBe(enabled);
    });

    for (const [group, cases] of Object.entries(groups)) {
      it.each(cases.map((one) => [one[0], one] as const))(
        `${group}: %s equals the cpu backend`,
        (_name, one) => {
          const before = tf.memory().numDataBuffers;
          expectSame(results(one), wanted.get(one) as Result[]);
          expect(tf.memory().numDataBuffers).toBe(before);
        },
      );
    }
  });
}

describe('wasm kernels', () => {
  it('add up whole numbers as whole numbers', () => {
    const rows = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2], 'int32');
    const sums = tf.unsortedSegmentSum(rows, tf.tensor1d([1, 0, 1], 'int32'), 2);
    expect([sums.dtype, ...sums.dataSync()]).toEqual(['int32', 3, 4, 6, 8]);
  });

  it('name an index that is out of range', () => {
    expect(() => tf.gather(numbers([4, 2]), tf.tensor1d([1, 4], 'int32'))).toThrow(
      'index 4 is not within 0..3',
    );
  });

  it('see weights that changed in place', () => {
    configureNative({ enabled: false });
    const weights = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const x = tf.tensor2d([1, 1], [1, 2]);
    expect([...tf.matMul(x, weights).dataSync()]).toEqual([4, 6]);
    const backend = tf.backend() as unknown as { typedArrayFromHeap(t: tf.TensorInfo): Float32Array };
    backend.typedArrayFromHeap(weights).set([5, 6, 7, 8]);
    expect([...tf.matMul(x, weights).dataSync()]).toEqual([12, 14]);
    configureNative({ enabled: true });
  });

  it('are installed once', () => {
    const before = tf.getKernel('BatchMatMul', 'wasm').kernelFunc;
    installWasmKernels();
    expect(tf.getKernel('BatchMatMul', 'wasm').kernelFunc).toBe(before);
  });

  it('refuse another backend', async () => {
    await tf.setBackend('cpu');
    expect(() => installWasmKernels()).toThrow('need wasm, but cpu is active');
    await tf.setBackend('wasm');
    expect(nativeStatus().ok).toBe(true);
  });
});
