import type { Problem } from './problem.js';
import type { Row } from './row.js';

/** Which fields of one's own file are the question and the right answer, where they have other names. */
export interface OwnFields {
  readonly question?: string;
  readonly gold?: string;
}

/** One's own file: `question` (or `problem`, `prompt`) and `gold` (or `answer`); `id`, `subject` and `level` may be there. */
export function readOwn(row: Row, { question, gold }: OwnFields = {}): Problem {
  return {
    id: row.optional('id') ?? `${row.line}`,
    question: question === undefined ? row.text('question', 'problem', 'prompt') : row.text(question),
    gold: gold === undefined ? row.text('gold', 'answer', 'final_answer') : row.text(gold),
    subject: row.optional('subject', 'type', 'subfield'),
    level: row.optional('level', 'difficulty'),
    gradeOptions: {},
  };
}
