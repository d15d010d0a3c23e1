import type { Problem } from './problem.js';
import type { Row } from './row.js';

/**
 * MATH and MATH-500: `problem`, `answer` or `solution` with its box, `subject` (or `type`), `level` as a number or
 * `Level N`, `unique_id`.
 */
export function readMathRow(row: Row): Problem {
  return {
    id: row.optional('unique_id', 'id') ?? `${row.line}`,
    question: row.text('problem', 'question'),
    gold: row.text('answer', 'solution'),
    subject: row.optional('subject', 'type'),
    level: row.optional('level')?.replace(/^Level\s*/i, '') ?? null,
    gradeOptions: {},
  };
}
