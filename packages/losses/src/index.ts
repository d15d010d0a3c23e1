export type { AdvantageEstimator, Advantages } from './advantage.js';
export type { PolicyLoss, PolicyLossInput, PolicyLossOutput } from './policy-loss.js';
export type { BranchOutcome, Reward } from './reward.js';
