import { EvalMathError } from '../errors.js';
import type { ExtractKind } from '../extract/candidate.js';

/** How {@link grade} reads and compares; every field has a default. */
export interface GradeOptions {
  /** Which kinds of answers may be read: LaTeX, plain expressions and numbers, choices and words. Default: `['latex', 'expr']`. */
  extract?: readonly ExtractKind[];
  /** Decimal places to which a written decimal is compared, 0 to 50. Default: 6, as in Math-Verify. */
  precision?: number;
  /** Significant digits to which numbers are compared instead of places, 1 to 50. Default: none. */
  significantDigits?: number | null;
  /** With `false`, variables are matched by position (`f(x)` is `f(y)`) and sets may be compared with tuples. Default: true. */
  strict?: boolean;
  /** With `true`, an inequality also answers for a gold interval or set; the other way is always allowed. Default: false. */
  allowSetRelation?: boolean;
  /** Largest absolute difference that still counts as equal, as OlympiadBench states it. Default: 0. */
  tolerance?: number;
  /**
   * With `true`, the prompt ended with `<think>`: a prediction without `</think>` is a thought that was cut off, and has no
   * answer. Default: false.
   */
  startsInThought?: boolean;
  /** Milliseconds after which a grade gives up and counts as wrong, 1 to 60000. Default: 500. */
  timeLimit?: number;
}

/** The defaults of {@link GradeOptions}. */
export const GRADE_DEFAULTS: Required<GradeOptions> = {
  extract: ['latex', 'expr'],
  precision: 6,
  significantDigits: null,
  strict: true,
  allowSetRelation: false,
  tolerance: 0,
  startsInThought: false,
  timeLimit: 500,
};

const KINDS: readonly string[] = ['latex', 'expr', 'string'];

function wholeBetween(field: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new EvalMathError(
      'INVALID_OPTION',
      `${field} must be a whole number from ${low} to ${high}, not ${String(value)}`,
    );
  }
}

/** Fills in the defaults and checks the ranges; throws `INVALID_OPTION`. */
export function checkGradeOptions(options: GradeOptions): Required<GradeOptions> {
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as GradeOptions;
  const full = { ...GRADE_DEFAULTS, ...given };
  if (
    !Array.isArray(full.extract) ||
    full.extract.length === 0 ||
    full.extract.some((kind) => !KINDS.includes(kind))
  ) {
    throw new EvalMathError(
      'INVALID_OPTION',
      `extract must list one or more of latex, expr, string, not ${JSON.stringify(full.extract)}`,
    );
  }
  wholeBetween('precision', full.precision, 0, 50);
  if (full.significantDigits !== null) wholeBetween('significantDigits', full.significantDigits, 1, 50);
  wholeBetween('timeLimit', full.timeLimit, 1, 60_000);
  if (!(full.tolerance >= 0 && Number.isFinite(full.tolerance))) {
    throw new EvalMathError(
      'INVALID_OPTION',
      `tolerance must be a number of at least 0, not ${String(full.tolerance)}`,
    );
  }
  for (const field of ['strict', 'allowSetRelation', 'startsInThought'] as const) {
    if (typeof full[field] !== 'boolean')
      throw new EvalMathError('INVALID_OPTION', `${field} must be true or false, not ${String(full[field])}`);
  }
  return full;
}
