/** How strictly two answers are compared; see `GradeOptions` for the meaning of each. */
export interface Comparison {
  readonly precision: number;
  readonly significantDigits: number | null;
  readonly strict: boolean;
  readonly allowSetRelation: boolean;
  readonly tolerance: number;
}

/** Which rule decided a verdict. */
export type Rule =
  | 'same-text'
  | 'same-expression'
  | 'choice'
  | 'text'
  | 'exact-value'
  | 'rounded-value'
  | 'interval-arithmetic'
  | 'random-points'
  | 'unit'
  | 'percent'
  | 'base'
  | 'time'
  | 'date'
  | 'equation'
  | 'inequality'
  | 'set'
  | 'interval'
  | 'tuple'
  | 'matrix'
  | 'kinds-differ'
  | 'nothing-extracted'
  | 'undecided';

/** The result of a comparison. `reason` is one line for the reader. */
export interface Outcome {
  readonly equal: boolean;
  readonly rule: Rule;
  readonly reason: string;
}

export const same = (rule: Rule, reason: string): Outcome => ({ equal: true, rule, reason });
export const different = (rule: Rule, reason: string): Outcome => ({ equal: false, rule, reason });
