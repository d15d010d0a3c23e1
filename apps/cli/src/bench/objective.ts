import { dualObjective, policyLoss } from '@midtrain/losses';

/** The paper's losses: GRPO without a KL term, λ = 0.1. */
export const OBJECTIVE = {
  policyLoss: policyLoss({ type: 'grpo' }),
  objective: dualObjective({ lambda: 0.1 }),
};

/** Most packed tokens of one forward and backward pass over rows, each of which takes its prefix along. */
export const ROW_TOKENS_PER_PASS = 16_384;
