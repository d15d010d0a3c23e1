import type { PolicyLossOptions } from '../src/index.js';

/** Options for a policy loss of every type, and GSPO. */
export const everyType: PolicyLossOptions[] = [
  { type: 'grpo' },
  { type: 'grpo', importanceSamplingLevel: 'sequence' },
  { type: 'bnpo' },
  { type: 'dr_grpo', maxCompletionLength: 12 },
  { type: 'dapo' },
  { type: 'cispo' },
  { type: 'sapo' },
  { type: 'luspo' },
  { type: 'vespo' },
];
