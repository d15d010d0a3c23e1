import { EvalMathError } from '../errors.js';
import type { Problem } from './problem.js';
import type { Row } from './row.js';

/** GSM8K (openai/grade-school-math): `question`, and `answer`, whose last line is `#### N`. */
export function readGsm8k(row: Row): Problem {
  const gold = /####\s*(\S[^\n]*)\s*$/.exec(row.text('answer'))?.[1];
  if (!gold) {
    throw new EvalMathError('INVALID_BENCHMARK', `${row.place}: answer must end with "#### " and the number`);
  }
  return {
    id: `${row.line}`,
    question: row.text('question'),
    gold,
    subject: null,
    level: null,
    gradeOptions: {},
  };
}
