import type { Problem } from './problem.js';
import type { Row } from './row.js';

/** One's own file: `question` (or `problem`, `prompt`) and `gold` (or `answer`); `id`, `subject` and `level` may be there. */
export function readOwn(row: Row): Problem {
  return {
    id: row.optional('id') ?? `${row.line}`,
    question: row.text('question', 'problem', 'prompt'),
    gold: row.text('gold', 'answer', 'final_answer'),
    subject: row.optional('subject', 'type', 'subfield'),
    level: row.optional('level', 'difficulty'),
    gradeOptions: {},
  };
}
