import type { BenchmarkFormat } from '@midtrain/eval-math';

/** Formats of `@midtrain/eval-math`; written out so that help and configurations need not load it. */
export const BENCHMARK_FORMATS = [
  'gsm8k',
  'math',
  'math500',
  'aime',
  'amc',
  'olympiadbench',
  'own',
] as const satisfies readonly BenchmarkFormat[];
