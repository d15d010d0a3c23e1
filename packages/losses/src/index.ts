export type { AdvantageEstimator, Advantages } from './advantage.js';
export { type GroupAdvantageOptions, groupAdvantage } from './advantages/group-advantage.js';
export { type RewardMetrics, type RewardMetricsOptions, rewardMetrics } from './advantages/reward-metrics.js';
export type { CompletionOutcome, CompletionReward, CompletionScore } from './completion-reward.js';
export { type DualObjective, type DualObjectiveOptions, dualObjective } from './dual-objective.js';
export { LossesError, type LossesErrorCode } from './losses-error.js';
export { type NextTokenLossInput, nextTokenLoss } from './next-token-loss.js';
export { policyLoss } from './policy/from-options.js';
export type { ImportanceSamplingLevel } from './policy/importance-ratio.js';
export { k3Kl } from './policy/kl.js';
export type {
  CispoLossOptions,
  ClippedLossOptions,
  DrGrpoLossOptions,
  LuspoLossOptions,
  PolicyLossOptions,
  SapoLossOptions,
  VespoLossOptions,
} from './policy/options.js';
export type { PolicyLoss, PolicyLossInput, PolicyLossOutput } from './policy-loss.js';
export type { BranchOutcome, Reward } from './reward.js';
export {
  type ComposedReward,
  type ComposeRewardsOptions,
  composeRewards,
  type RewardParts,
  rewardParts,
} from './rewards/compose-rewards.js';
export { exactMatch } from './rewards/exact-match.js';
export { type LogProbRewardOptions, logProbReward } from './rewards/log-prob-reward.js';
export { prefixMatch } from './rewards/prefix-match.js';
export { type PrefixShareOptions, prefixShare } from './rewards/prefix-share.js';
export { stopGradient } from './stop-gradient.js';
