export type { OwnFields } from './benchmarks/own.js';
export type { Benchmark, Problem } from './benchmarks/problem.js';
export {
  BENCHMARK_FORMATS,
  type BenchmarkFormat,
  parseBenchmark,
  readBenchmark,
} from './benchmarks/read-benchmark.js';
export type { Rule } from './compare/outcome.js';
export { EvalMathError, type EvalMathErrorCode } from './errors.js';
export { BOOTSTRAP_DEFAULTS, type BootstrapOptions, type Estimate, estimate } from './evaluate/bootstrap.js';
export { compareModels, type ModelComparison } from './evaluate/compare-models.js';
export {
  boxedPrompt,
  type EvaluateOptions,
  evaluate,
  type Generate,
  type GenerateRequest,
} from './evaluate/evaluate.js';
export { majorityAtK } from './evaluate/majority.js';
export { passAtK } from './evaluate/pass-at-k.js';
export type { GradedSample, ProblemResult } from './evaluate/result.js';
export { type SummariseOptions, type Summary, summarise } from './evaluate/summarise.js';
export type { ExtractKind } from './extract/candidate.js';
export { type OpenAiOptions, openAiGenerator } from './generators/open-ai.js';
export { grade, type Verdict } from './grade/grade.js';
export { GRADE_DEFAULTS, type GradeOptions } from './grade/options.js';
export { type MathReward, type MathRewardOptions, mathReward } from './grade/reward.js';
export { type GradedLine, gradeLine, type LinePlace } from './pairs/grade-line.js';
export { gradePairs } from './pairs/grade-pairs.js';
