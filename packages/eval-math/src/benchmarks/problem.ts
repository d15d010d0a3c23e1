import type { GradeOptions } from '../grade/options.js';

/** One question of a benchmark with its right answer. */
export interface Problem {
  /** Unique within the benchmark. */
  readonly id: string;
  readonly question: string;
  /** The right answer, as `grade` reads it: bare, or a whole solution. Several answers are joined by commas. */
  readonly gold: string;
  readonly subject: string | null;
  readonly level: string | null;
  /** What this problem asks of the grade, such as OlympiadBench's tolerance. */
  readonly gradeOptions: GradeOptions;
}

/** A named list of problems. */
export interface Benchmark {
  readonly name: string;
  readonly problems: readonly Problem[];
}
