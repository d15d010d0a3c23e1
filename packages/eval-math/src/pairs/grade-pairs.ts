import { type GradedLine, gradeLine } from './grade-line.js';

/**
 * Grades the lines of a JSONL file in order; blank lines are skipped.
 * Throws `EvalMathError` with code `INVALID_LINE`, naming file and line, at the first bad line.
 *
 * @param lines - the lines, without their line breaks (for example from `node:readline`)
 * @param file - the name of the file, for error messages
 */
export async function* gradePairs(
  lines: AsyncIterable<string> | Iterable<string>,
  file: string,
): AsyncGenerator<GradedLine> {
  let line = 0;
  for await (const json of lines) {
    line += 1;
    if (json.trim() !== '') yield gradeLine(line === 1 ? json.replace(/^\uFEFF/, '') : json, { file, line });
  }
}
