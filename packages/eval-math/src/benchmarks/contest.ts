import { EvalMathError } from '../errors.js';
import type { Problem } from './problem.js';
import type { Row } from './row.js';

/** AIME and AMC: `problem` (or `question`) and a whole number as `answer`, which some files write `27.0` or `033`. */
export function readContest(row: Row): Problem {
  const answer = row.text('answer');
  if (!/^\s*\$?-?\d+(?:\.0+)?\$?\s*$/.test(answer)) {
    throw new EvalMathError(
      'INVALID_BENCHMARK',
      `${row.place}: answer must be a whole number, not ${JSON.stringify(answer.slice(0, 60))}`,
    );
  }
  return {
    id: row.optional('id', 'unique_id') ?? `${row.line}`,
    question: row.text('problem', 'question'),
    gold: `${BigInt(answer.replace(/[$\s]|\.0+/g, ''))}`,
    subject: null,
    level: row.optional('level'),
    gradeOptions: {},
  };
}
