// What is measured: a model, and documents with positions; those that fit the cost model, and those that it predicts.
export const WORKLOADS = [
  { documents: 8, tokens: 140, positions: 8, fits: true },
  { documents: 4, tokens: 512, positions: 16, fits: true },
  { documents: 2, tokens: 2048, positions: 16, fits: false },
  { documents: 1, tokens: 8192, positions: 16, fits: false },
];
export const BRANCHES = 8;
export const NEW_TOKENS = 24;
export const INSTRUCTION = 4;
export const MODEL = {
  family: 'llama',
  vocabularySize: 2048,
  hiddenSize: 128,
  layers: 4,
  heads: 4,
  keyValueHeads: 4,
  headDim: 32,
  intermediateSize: 352,
  rmsNormEpsilon: 1e-6,
  ropeTheta: 10_000,
  maxPositions: 16_384,
  tieWordEmbeddings: true,
  attentionBias: false,
  mlpBias: false,
  initializerRange: 0.1,
  eosTokenIds: [],
};
