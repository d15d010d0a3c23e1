import { EvalMathError } from '../errors.js';
import type { Problem } from './problem.js';
import type { Row } from './row.js';

/**
 * OlympiadBench (OpenBMB/OlympiadBench, text-only, open-ended): `question`, `final_answer` (a list; several answers stand
 * in one text, parted by commas), `unit`, `error` (the tolerance, absolute), `subfield`, `answer_type`.
 */
export function readOlympiadBench(row: Row): Problem {
  const answers = row.raw('final_answer');
  if (
    !Array.isArray(answers) ||
    answers.length === 0 ||
    answers.some((answer) => typeof answer !== 'string')
  ) {
    throw new EvalMathError('INVALID_BENCHMARK', `${row.place}: final_answer must be a list of texts`);
  }
  const context = row.optional('context');
  const question = row.text('question');
  return {
    id: row.optional('id') ?? `${row.line}`,
    question: context ? `${context}\n\n${question}` : question,
    gold: withUnit(answers.join(', '), row.optional('unit')),
    subject: row.optional('subfield'),
    level: null,
    gradeOptions: row.optional('error') === null ? {} : { tolerance: toleranceOf(row) },
  };
}

/** A single value gets its unit; a list is left as it is, since a missing unit is accepted. */
function withUnit(answer: string, unit: string | null): string {
  const bare = answer.trim().replace(/^\$([^$]*)\$$/, '$1');
  if (!unit || bare.includes('$') || bare.includes(',')) return answer;
  const written = unit.replaceAll('$', '').trim();
  if (written === '%') return `${bare}\\%`;
  return written.startsWith('^') ? `${bare}${written}` : `${bare} \\text{ ${written} }`;
}

/** `error` is a number as text; of several (one an answer) the largest counts. */
function toleranceOf(row: Row): number {
  const error = row.optional('error');
  if (error === null) return 0;
  const values = error.split(',').map(Number);
  if (values.some((value) => !(value >= 0))) {
    throw new EvalMathError(
      'INVALID_BENCHMARK',
      `${row.place}: error must be a number of at least 0, not ${JSON.stringify(error)}`,
    );
  }
  return Math.max(...values);
}
