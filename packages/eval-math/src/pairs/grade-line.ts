import { EvalMathError } from '../errors.js';
import { grade } from '../grade/grade.js';
import { checkGradeOptions, type GradeOptions } from '../grade/options.js';

/** One line of a file of graded pairs. */
export interface GradedLine {
  readonly id: string | number | null;
  readonly correct: boolean;
  readonly gold: string | null;
  readonly prediction: string | null;
  readonly reason: string;
}

/** Where a line came from, for error messages. */
export interface LinePlace {
  /** Name of the file. */
  file: string;
  /** Number of the line, from 1. */
  line: number;
}

/** Fields of a line that set an option of the grade. */
const OPTION_FIELDS = [
  'extract',
  'precision',
  'significantDigits',
  'strict',
  'allowSetRelation',
  'tolerance',
  'startsInThought',
] as const;

/**
 * Grades one line `{"id", "gold", "prediction", "extract"?, "precision"?, "strict"?, "allowSetRelation"?, …}`.
 * Throws `EvalMathError` with code `INVALID_LINE` that names file and line.
 */
export function gradeLine(json: string, place: LinePlace): GradedLine {
  const fail = (problem: string): never => {
    throw new EvalMathError('INVALID_LINE', `${place.file}:${place.line}: ${problem}`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return fail('not JSON; expected an object with id, gold and prediction');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return fail('expected an object with id, gold and prediction');
  const fields = new Map(Object.entries(parsed));
  const text = (field: string): string => {
    const value = fields.get(field);
    if (typeof value === 'string') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    return fail(
      `${field} must be a string, ${fields.has(field) ? `not ${JSON.stringify(value)?.slice(0, 60)}` : 'but is missing'}`,
    );
  };
  const id = fields.get('id') ?? null;
  if (id !== null && typeof id !== 'string' && typeof id !== 'number')
    return fail('id must be a string or a number');
  const options = Object.fromEntries(
    OPTION_FIELDS.filter((field) => fields.has(field)).map((field) => [field, fields.get(field)]),
  ) as GradeOptions;
  const [gold, prediction] = [text('gold'), text('prediction')];
  try {
    checkGradeOptions(options);
  } catch (error) {
    if (error instanceof EvalMathError) return fail(error.message);
    throw error;
  }
  const verdict = grade(gold, prediction, options);
  return {
    id,
    correct: verdict.correct,
    gold: verdict.gold,
    prediction: verdict.prediction,
    reason: `${verdict.rule}: ${verdict.reason}`,
  };
}
