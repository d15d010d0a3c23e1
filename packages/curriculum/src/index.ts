export type { WhenEmpty } from './choose-tier.js';
export { constantTierSchedule } from './constant-tier-schedule.js';
export type { Candidate, Curriculum, Draw, DrawMoment, Drawn } from './curriculum.js';
export { CurriculumError, type CurriculumErrorCode } from './curriculum-error.js';
export { difficultyQuantiles } from './difficulty-quantiles.js';
export type { DifficultySignal, TokenEvidence } from './difficulty-signal.js';
export { type EntropyOptions, entropyFromLogits, entropyFromLogProbs } from './entropy.js';
export { type EntropyFilterCurriculumOptions, entropyFilterCurriculum } from './entropy-filter-curriculum.js';
export { entropySignal } from './entropy-signal.js';
export { lossSignal } from './loss-signal.js';
export {
  type PiecewiseLinearTierScheduleOptions,
  piecewiseLinearTierSchedule,
} from './piecewise-linear-tier-schedule.js';
export { type QuantileTiersOptions, quantileTiers } from './quantile-tiers.js';
export type { RandomSource } from './random-source.js';
export { refreshEvery } from './refresh-every.js';
export type { WhenShort } from './require-enough.js';
export { type RewardSpreadSignalOptions, rewardSpreadSignal } from './reward-spread-signal.js';
export { restoreRandom, seededRandom } from './seeded-random.js';
export { shuffle } from './shuffle.js';
export {
  type RangedTiers,
  type ThresholdTiersOptions,
  type TierRange,
  thresholdTiers,
} from './threshold-tiers.js';
export type { TierAssignment } from './tier-assignment.js';
export type { Replacement } from './tier-pools.js';
export type { ScheduleMoment, TierSchedule } from './tier-schedule.js';
export { type TieredCurriculumOptions, tieredCurriculum } from './tiered-curriculum.js';
export { type UniformCurriculumOptions, uniformCurriculum } from './uniform-curriculum.js';
export { uniformInt } from './uniform-int.js';
