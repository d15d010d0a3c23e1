import type { CorpusRecord } from './corpus.js';
import { readLines } from './read-lines.js';

/** Reads a plain text file as one document. @throws CorpusError where it cannot be read */
export async function* readWholeText(file: string): AsyncGenerator<CorpusRecord, void> {
  const lines: string[] = [];
  for await (const line of readLines(file)) lines.push(line);
  yield { line: 1, fields: { text: lines.join('\n') } };
}

/** Reads the parts of a plain text file that blank lines separate. @throws CorpusError where it cannot be read */
export async function* readParagraphs(file: string): AsyncGenerator<CorpusRecord, void> {
  let paragraph: string[] = [];
  let number = 0;
  const record = () => ({ line: number - paragraph.length, fields: { text: paragraph.join('\n') } });
  for await (const line of readLines(file)) {
    number++;
    if (line.trim() !== '') {
      paragraph.push(line);
    } else if (paragraph.length > 0) {
      yield record();
      paragraph = [];
    }
  }
  number++;
  if (paragraph.length > 0) yield record();
}
