/** Sizes of a decoder that no two dimensions share, so that a mix-up cannot go unseen. */
export const SHAPE = {
  hiddenSize: 48,
  layers: 3,
  heads: 4,
  keyValueHeads: 2,
  intermediateSize: 112,
  rmsNormEpsilon: 1e-5,
  ropeTheta: 50_000,
  maxPositions: 256,
  mlpBias: false,
  initializerRange: 0.2,
};
