export type { Rule } from './compare/outcome.js';
export { EvalMathError, type EvalMathErrorCode } from './errors.js';
export type { ExtractKind } from './extract/candidate.js';
export { grade, type Verdict } from './grade/grade.js';
export { GRADE_DEFAULTS, type GradeOptions } from './grade/options.js';
export { type MathReward, type MathRewardOptions, mathReward } from './grade/reward.js';
export { type GradedLine, gradeLine, type LinePlace } from './pairs/grade-line.js';
export { gradePairs } from './pairs/grade-pairs.js';
