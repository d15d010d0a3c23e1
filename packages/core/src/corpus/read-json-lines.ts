import type { CorpusRecord } from './corpus.js';
import { CorpusError } from './corpus-error.js';
import { readLines } from './read-lines.js';

/** Reads JSON objects, one a line; blank lines are passed over. @throws CorpusError naming file and line */
export async function* readJsonLines(file: string): AsyncGenerator<CorpusRecord, void> {
  let line = 0;
  for await (const text of readLines(file)) {
    line++;
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new CorpusError('invalid_document', `${file}:${line}: is not valid JSON (${reason})`, { cause });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new CorpusError(
        'invalid_document',
        `${file}:${line}: is no JSON object, expected {"field": "text", …}`,
      );
    }
    yield { line, fields: value as Record<string, unknown> };
  }
}
