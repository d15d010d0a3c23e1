import { EvalMathError } from '../errors.js';
import type { Problem } from './problem.js';
import type { Row } from './row.js';

/** GSM8K (openai/grade-school-math): `question`, and `answer`, whose last line is `#### N`. */
export function readGsm8k(row: Row): Problem {
  const answer = row.text('answer');
  const at = answer.lastIndexOf('####');
  const gold = answer.slice(at + 4).trim();
  if (at < 0 || gold === '' || gold.includes('\n')) {
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
