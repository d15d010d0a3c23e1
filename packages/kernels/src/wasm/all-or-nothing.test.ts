import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configureNative } from '../native/index.js';
import { adamW } from '../ops/adam-w/adam-w.js';
import { clipByGlobalNorm } from '../ops/clip-gradients/clip-gradients.js';
import { runKernel } from '../ops/dispatch.js';
import { installWasmOps } from '../ops/install-wasm.js';
import { rmsNorm } from '../ops/rms-norm/rms-norm.js';
import { rotary } from '../ops/rotary/rotary.js';
import { sampleTokens } from '../ops/sample-tokens/sample-tokens.js';
import { SWI_GLU_GRADIENT, swiGlu } from '../ops/swi-glu/swi-glu.js';
import { TARGET_LOG_PROBS } from '../ops/token-log-probs/target-log-probs.js';
import { TOKEN_LOG_PROBS, TOKEN_LOG_PROBS_GRADIENT } from '../ops/token-log-probs/token-log-probs.js';
import { TREE_ATTENTION, TREE_ATTENTION_GRADIENT } from '../ops/tree-attention/tree-attention.js';
import { prepareTfjs } from '../tfjs/prepare-tfjs.js';
import { OutOfMemoryError } from './errors.js';
import { libraryOf } from './heap.js';
import { installWasmKernels } from './install-wasm-kernels.js';

const ones = <R extends tf.Rank>(...shape: number[]) => tf.ones(shape as tf.ShapeMap[R]) as tf.Tensor<R>;

const attention = () => {
  const x = () => ones<tf.Rank.R3>(5, 2, 4);
  const attributes = { groups: [{ start: 0, lengths: [5], prefix: [] }], scale: 1, differentiable: true };
  return { inputs: { q: x(), k: x(), v: x() }, attributes };
};

const logProbs = () => ({
  inputs: { hidden: ones(6, 4), weight: ones(9, 4), targetIds: tf.zeros([6], 'int32') },
  attributes: { temperature: 1, chunkTokens: 4 },
});

/** What needs several places in the heap, its inputs left out. */
const cases: Readonly<Record<string, () => () => unknown>> = {
  treeAttention() {
    const { inputs, attributes } = attention();
    return () => runKernel(TREE_ATTENTION, inputs, attributes);
  },
  'treeAttention, backward'() {
    const { inputs, attributes } = attention();
    const [out, lse] = runKernel(TREE_ATTENTION, inputs, attributes);
    return () => runKernel(TREE_ATTENTION_GRADIENT, { ...inputs, out, lse, gradient: out }, attributes);
  },
  tokenLogProbs() {
    const { inputs, attributes } = logProbs();
    return () => runKernel(TOKEN_LOG_PROBS, inputs, attributes);
  },
  'tokenLogProbs, backward'() {
    const { inputs, attributes } = logProbs();
    const column = ones(6);
    const given = {
      ...inputs,
      logNormalisers: column,
      entropies: column,
      logProbGradient: column,
      entropyGradient: column,
    };
    const wanted = { ...attributes, entropyGradient: true, weightGradient: true };
    return () => runKernel(TOKEN_LOG_PROBS_GRADIENT, given, wanted);
  },
  targetLogProbs() {
    const { inputs } = logProbs();
    return () => runKernel(TARGET_LOG_PROBS, inputs);
  },
  sampleTokens() {
    const [hidden, weight, uniforms] = [ones<tf.Rank.R2>(6, 4), ones<tf.Rank.R2>(9, 4), tf.zeros([6])];
    return () => sampleTokens(hidden, weight, uniforms as tf.Tensor1D);
  },
  rotary() {
    const [x, cos, sin] = [ones<tf.Rank.R3>(3, 2, 4), ones<tf.Rank.R2>(3, 2), ones<tf.Rank.R2>(3, 2)];
    return () => rotary(x, cos, sin);
  },
  rmsNorm() {
    const [x, weight] = [ones<tf.Rank.R2>(3, 4), ones<tf.Rank.R1>(4)];
    return () => rmsNorm(x, weight, 1e-5);
  },
  'swiGlu in pieces'() {
    const [gate, up] = [ones<tf.Rank.R2>(300, 500), ones<tf.Rank.R2>(300, 500)];
    return () => swiGlu(gate, up);
  },
  'swiGlu in pieces, backward'() {
    const [gate, up] = [ones(300, 500), ones(300, 500)];
    return () => runKernel(SWI_GLU_GRADIENT, { gate, up, gradient: up });
  },
  clipByGlobalNorm() {
    const gradients = { a: ones(5) };
    return () => clipByGlobalNorm(gradients, 1);
  },
  'adamW of tensors that others hold'() {
    const parameters = { a: tf.variable(ones(5)) };
    const gradients = { a: ones(5) };
    const optimiser = adamW();
    const state = optimiser.init(parameters);
    const shared = tf.reshape(parameters.a, [5, 1]);
    return () => {
      optimiser.update(parameters, gradients, state, 1e-3);
      return shared;
    };
  },
  split() {
    const x = ones(4, 6);
    return () => tf.split(x, 3, 1);
  },
  unstack() {
    const x = ones(4, 6);
    return () => tf.unstack(x);
  },
  'matMul of transposed matrices'() {
    const [a, b] = [ones<tf.Rank.R2>(4, 5), ones<tf.Rank.R2>(6, 4)];
    return () => tf.matMul(a, b, true, true);
  },
  'fused matMul'() {
    const [a, b, bias] = [ones<tf.Rank.R2>(4, 5), ones<tf.Rank.R2>(5, 6), ones(6)];
    return () => tf.fused.matMul({ a, b, bias, activation: 'relu' });
  },
};

/** Those that have a kernel without the native engine, or plain ones. */
const WITHOUT_NATIVE = [
  'adamW of tensors that others hold',
  'split',
  'unstack',
  'matMul of transposed matrices',
  'fused matMul',
];

let backend: BackendWasm;

/** Lets the heap have no room when it is asked for it the n-th time. */
function fullAt(n: number) {
  let asked = 0;
  const library = libraryOf(backend);
  const allocate = library._malloc;
  return vi.spyOn(library, '_malloc').mockImplementation((bytes) => {
    asked += 1;
    if (asked === n) throw new OutOfMemoryError('full');
    return allocate.call(library, bytes);
  });
}

const held = () => ({ inHeap: backend.numDataIds(), known: tf.memory().numDataBuffers });

/** Lets every allocation of a case fail, one after the other; returns how many there are. */
function failEach(run: () => unknown): number {
  const before = held();
  for (let n = 1; ; n++) {
    const spy = fullAt(n);
    try {
      tf.tidy(() => void run());
      return n - 1;
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfMemoryError);
    } finally {
      spy.mockRestore();
    }
    expect(held()).toEqual(before);
  }
}

beforeAll(async () => {
  await prepareTfjs();
  await tf.setBackend('wasm');
  backend = tf.backend() as BackendWasm;
});

afterAll(() => {
  configureNative({ enabled: true });
});

for (const enabled of [true, false]) {
  describe(`a full heap, ${enabled ? 'with' : 'without'} the native engine`, () => {
    beforeAll(() => {
      configureNative({ enabled });
      installWasmKernels();
      installWasmOps({ native: enabled });
    });

    it.each(enabled ? Object.keys(cases) : WITHOUT_NATIVE)('gets back what %s has taken', (name) => {
      const { inHeap } = held();
      tf.engine().startScope();
      expect(failEach(cases[name]())).toBeGreaterThan(0);
      tf.engine().endScope();
      tf.disposeVariables();
      expect(held().inHeap).toBe(inHeap);
    });
  });
}
