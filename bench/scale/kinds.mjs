// What the kernels of a step do.
/** Kinds of kernels, and what their work is counted in. */
export const KINDS = {
  products: { unit: 'GFLOP', kernels: ['BatchMatMul', '_FusedMatMul'] },
  head: {
    unit: 'GFLOP',
    kernels: [
      'MidtrainTokenLogProbs',
      'MidtrainTokenLogProbsGradient',
      'MidtrainTargetLogProbs',
      'MidtrainSampleTokens',
    ],
  },
  attention: { unit: 'million scores', kernels: ['MidtrainTreeAttention'] },
  attentionGradient: { unit: 'million scores', kernels: ['MidtrainTreeAttentionGradient'] },
  decodeAttention: { unit: 'million scores', kernels: ['MidtrainDecodeAttention'] },
  tokenWise: { unit: 'thousand tokens × layers', kernels: [] },
  outside: { unit: '', kernels: [] },
};
export const kindOf = (kernel) =>
  Object.keys(KINDS).find((kind) => KINDS[kind].kernels.includes(kernel)) ?? 'tokenWise';
