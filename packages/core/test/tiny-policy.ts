import type { ModelConfig } from '../src/model-files/model-config.js';
import { initialisePolicy } from '../src/policy/initialise.js';
import type { Policy } from '../src/policy/policy.js';

/** A small decoder with two query heads a key-value head, and weights large enough that nothing is close to uniform. */
export const TINY: ModelConfig = {
  family: 'llama',
  vocabularySize: 40,
  hiddenSize: 24,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headDim: 6,
  intermediateSize: 32,
  rmsNormEpsilon: 1e-5,
  ropeTheta: 10_000,
  maxPositions: 512,
  tieWordEmbeddings: true,
  attentionBias: false,
  mlpBias: false,
  initializerRange: 0.3,
  eosTokenIds: [0],
};

export const tinyPolicy = (seed = 1, changes: Partial<ModelConfig> = {}): Policy =>
  initialisePolicy({ ...TINY, ...changes }, seed);
