import type * as tf from '@tensorflow/tfjs-core';
import { embeddingLookup } from '../embedding-lookup/embedding-lookup.js';
import { rmsNorm } from '../rms-norm/rms-norm.js';
import { rotary } from '../rotary/rotary.js';
import { type SampleTokensOptions, sampleTokens } from '../sample-tokens/sample-tokens.js';
import { swiGlu } from '../swi-glu/swi-glu.js';
import { targetLogProbs } from '../token-log-probs/target-log-probs.js';
import { type TokenLogProbsOptions, tokenLogProbs } from '../token-log-probs/token-log-probs.js';
import type { ConformanceCase, Values } from './evaluate.js';
import { normal } from './normal.js';
import { integers, normals, uniformGenerator } from './random.js';

const ids = (tokens: number, seed: number, vocabularySize: number): Values => ({
  shape: [tokens],
  values: integers(tokens, seed, vocabularySize),
});

const uniforms = (tokens: number, seed: number): Values => {
  const uniform = uniformGenerator(seed);
  return {
    shape: [tokens],
    values: Float32Array.from({ length: tokens }, () => Math.fround(uniform() * 0.999999)),
  };
};

function rmsNormCase(tokens: number, width: number, scale = 1): ConformanceCase {
  return {
    name: `rmsNorm [${tokens}, ${width}] × ${scale}`,
    inputs: { x: normal([tokens, width], 1, scale), weight: normal([width], 2) },
    differentiable: ['x', 'weight'],
    compute: ({ x, weight }) => ({ y: rmsNorm(x as tf.Tensor2D, weight as tf.Tensor1D, 1e-5) }),
  };
}

function rotaryCase(tokens: number, heads: number, headDim: number): ConformanceCase {
  const angles = normals((tokens * headDim) / 2, 4, 3);
  const shape = [tokens, headDim / 2];
  return {
    name: `rotary [${tokens}, ${heads}, ${headDim}]`,
    inputs: {
      x: normal([tokens, heads, headDim], 3),
      cos: { shape, values: angles.map(Math.cos) },
      sin: { shape, values: angles.map(Math.sin) },
    },
    differentiable: ['x'],
    compute: ({ x, cos, sin }) => ({ y: rotary(x as tf.Tensor3D, cos as tf.Tensor2D, sin as tf.Tensor2D) }),
  };
}

function swiGluCase(tokens: number, width: number, scale = 1): ConformanceCase {
  return {
    name: `swiGlu [${tokens}, ${width}] × ${scale}`,
    inputs: { gate: normal([tokens, width], 5, scale), up: normal([tokens, width], 6) },
    differentiable: ['gate', 'up'],
    compute: ({ gate, up }) => ({ y: swiGlu(gate as tf.Tensor2D, up as tf.Tensor2D) }),
  };
}

function embeddingCase(tokens: number, vocabularySize: number, width: number): ConformanceCase {
  return {
    name: `embeddingLookup ${tokens} of [${vocabularySize}, ${width}]`,
    inputs: { weight: normal([vocabularySize, width], 8), tokenIds: ids(tokens, 9, vocabularySize) },
    differentiable: ['weight'],
    compute: ({ weight, tokenIds }) => ({
      y: embeddingLookup(weight as tf.Tensor2D, tokenIds as tf.Tensor1D),
    }),
  };
}

interface HeadSize {
  readonly tokens: number;
  readonly vocabularySize: number;
  readonly width: number;
  /** Rough magnitude of the logits. */
  readonly magnitude?: number;
}

const headName = ({ tokens, vocabularySize, width, magnitude = 1 }: HeadSize): string =>
  `${tokens} × [${vocabularySize}, ${width}], logits ~${magnitude}`;

const headInputs = ({ tokens, vocabularySize, width, magnitude = 1 }: HeadSize) => ({
  hidden: normal([tokens, width], 10, magnitude / Math.sqrt(width)),
  weight: normal([vocabularySize, width], 11),
});

function logProbsCase(size: HeadSize, options: TokenLogProbsOptions = {}): ConformanceCase {
  const { entropyGradient = false, weightGradient = true } = options;
  return {
    name: `tokenLogProbs ${headName(size)} ${JSON.stringify(options)}`,
    inputs: { ...headInputs(size), targetIds: ids(size.tokens, 12, size.vocabularySize) },
    differentiable: weightGradient ? ['hidden', 'weight'] : ['hidden'],
    constants: entropyGradient ? [] : ['entropies'],
    // A logit of 80 is rounded to about 1e-5, and its log-probability and gradients with it.
    tolerance: (size.magnitude ?? 1) > 10 ? 1e-4 : 2e-5,
    compute: ({ hidden, weight, targetIds }) => {
      const outputs = tokenLogProbs(
        hidden as tf.Tensor2D,
        weight as tf.Tensor2D,
        targetIds as tf.Tensor1D,
        options,
      );
      return {
        logProbs: outputs.logProbs_N,
        entropies: outputs.entropies_N,
        greedyIds: outputs.greedyIds_N,
      };
    },
  };
}

function targetLogProbsCase(size: HeadSize): ConformanceCase {
  return {
    name: `targetLogProbs ${headName(size)}`,
    inputs: { ...headInputs(size), targetIds: ids(size.tokens, 12, size.vocabularySize) },
    differentiable: ['hidden', 'weight'],
    tolerance: (size.magnitude ?? 1) > 10 ? 1e-4 : 2e-5,
    compute: ({ hidden, weight, targetIds }) => ({
      logProbs: targetLogProbs(hidden as tf.Tensor2D, weight as tf.Tensor2D, targetIds as tf.Tensor1D),
    }),
  };
}

function sampleCase(size: HeadSize, options: SampleTokensOptions = {}): ConformanceCase {
  return {
    name: `sampleTokens ${headName(size)} ${JSON.stringify(options)}`,
    inputs: { ...headInputs(size), uniforms: uniforms(size.tokens, 13) },
    differentiable: [],
    tolerance: 1e-4,
    compute: ({ hidden, weight, uniforms }) => {
      const sampled = sampleTokens(
        hidden as tf.Tensor2D,
        weight as tf.Tensor2D,
        uniforms as tf.Tensor1D,
        options,
      );
      return { tokenIds: sampled.tokenIds_N, logProbs: sampled.logProbs_N };
    },
  };
}

/** Small enough for a finite difference of every element. */
export const SMALL_CASES: readonly ConformanceCase[] = [
  rmsNormCase(1, 5),
  rmsNormCase(3, 4),
  rotaryCase(3, 2, 6),
  swiGluCase(2, 5),
  embeddingCase(6, 4, 3),
  logProbsCase({ tokens: 3, vocabularySize: 5, width: 4 }),
  targetLogProbsCase({ tokens: 3, vocabularySize: 5, width: 4 }),
  logProbsCase({ tokens: 5, vocabularySize: 7, width: 3 }, { chunkTokens: 2, entropyGradient: true }),
  logProbsCase({ tokens: 2, vocabularySize: 6, width: 3 }, { temperature: 0.7, entropyGradient: true }),
];

/** Shapes with single rows, odd sizes, enough for several threads, chunks that do not divide the rows, and large logits. */
export const CASES: readonly ConformanceCase[] = [
  ...SMALL_CASES,
  rmsNormCase(0, 8),
  rmsNormCase(1, 128),
  rmsNormCase(37, 64),
  rmsNormCase(257, 33),
  rmsNormCase(900, 129),
  rmsNormCase(9, 128, 100),
  rmsNormCase(5, 16, 1e-3),
  rotaryCase(0, 2, 4),
  rotaryCase(1, 4, 32),
  rotaryCase(65, 3, 10),
  rotaryCase(130, 9, 64),
  rotaryCase(503, 9, 64),
  swiGluCase(0, 3),
  swiGluCase(1, 1),
  swiGluCase(77, 129),
  swiGluCase(13, 40, 80),
  swiGluCase(7, 50, 1e6),
  swiGluCase(301, 401),
  embeddingCase(0, 3, 2),
  embeddingCase(1, 3, 7),
  embeddingCase(300, 50, 33),
  embeddingCase(700, 5, 8),
  logProbsCase({ tokens: 0, vocabularySize: 5, width: 4 }, { entropyGradient: true }),
  logProbsCase({ tokens: 1, vocabularySize: 2, width: 1 }),
  logProbsCase({ tokens: 33, vocabularySize: 101, width: 17 }, { chunkTokens: 8, entropyGradient: true }),
  logProbsCase({ tokens: 300, vocabularySize: 257, width: 32 }, { chunkTokens: 128 }),
  logProbsCase({ tokens: 64, vocabularySize: 512, width: 24 }, { chunkTokens: 64, temperature: 1.5 }),
  logProbsCase({ tokens: 40, vocabularySize: 97, width: 16, magnitude: 80 }, { entropyGradient: true }),
  logProbsCase({ tokens: 21, vocabularySize: 64, width: 8 }, { weightGradient: false, chunkTokens: 5 }),
  targetLogProbsCase({ tokens: 0, vocabularySize: 5, width: 4 }),
  targetLogProbsCase({ tokens: 1, vocabularySize: 2, width: 1 }),
  targetLogProbsCase({ tokens: 65, vocabularySize: 101, width: 17 }),
  targetLogProbsCase({ tokens: 40, vocabularySize: 97, width: 16, magnitude: 80 }),
  sampleCase({ tokens: 0, vocabularySize: 5, width: 2 }),
  sampleCase({ tokens: 1, vocabularySize: 1, width: 2 }),
  sampleCase({ tokens: 65, vocabularySize: 130, width: 16 }, { chunkTokens: 32 }),
  sampleCase(
    { tokens: 50, vocabularySize: 99, width: 16, magnitude: 3 },
    { temperature: 0.6, topK: 20, topP: 0.9 },
  ),
  sampleCase({ tokens: 50, vocabularySize: 99, width: 16, magnitude: 3 }, { topP: 0.5 }),
  sampleCase({ tokens: 50, vocabularySize: 99, width: 16, magnitude: 3 }, { topK: 1 }),
  sampleCase({ tokens: 40, vocabularySize: 64, width: 16, magnitude: 80 }),
  sampleCase({ tokens: 20, vocabularySize: 77, width: 8 }, { temperature: 0 }),
];
