import { basename } from 'node:path';
import type { Corpus, CorpusDocument, CorpusRecord, RemovedText } from './corpus.js';
import { CorpusError } from './corpus-error.js';
import { readJsonLines } from './read-json-lines.js';
import { readParquet } from './read-parquet.js';
import { readParagraphs, readWholeText } from './read-text.js';
import { fieldTemplate, parseTemplate, type TextTemplate } from './text-template.js';

export interface CorpusOptions {
  /** `.txt`, `.jsonl` (both also as `.gz`) and `.parquet` files, read in this order. */
  readonly files: readonly string[];
  /** Field that holds the text; default `text`. */
  readonly field?: string;
  /** Makes the text of several fields, such as `"{question}\n{answer}"`; instead of `field`. */
  readonly template?: string;
  /** Regular expression (JavaScript's, Unicode mode); what it matches is taken out of the text. */
  readonly removePattern?: string;
  /** What one document of a `.txt` file is: the whole file (default), or a part between blank lines. */
  readonly textUnit?: 'file' | 'paragraph';
}

const MAX_PATTERN_LENGTH = 1000;

function textOf({ field, template }: CorpusOptions): TextTemplate {
  if (template === undefined) return fieldTemplate(field ?? 'text');
  if (field === undefined) return parseTemplate(template);
  throw new CorpusError('invalid_option', 'field and template: are both given; leave one of them out');
}

type Removal = (text: string) => Pick<CorpusDocument, 'text' | 'removed'>;

/** Takes what a pattern matches out of a text, and says what and where. */
function withoutMatches(text: string, pattern: RegExp): ReturnType<Removal> {
  const removed: RemovedText[] = [];
  let kept = '';
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    kept += text.slice(end, match.index);
    end = match.index + match[0].length;
    removed.push({ at: kept.length, text: match[1] ?? match[0] });
  }
  return { text: kept + text.slice(end), removed };
}

function removalOf({ removePattern }: CorpusOptions): Removal {
  if (removePattern === undefined) return (text) => ({ text });
  if (removePattern.length > MAX_PATTERN_LENGTH) {
    throw new CorpusError(
      'invalid_option',
      `removePattern: is longer than ${MAX_PATTERN_LENGTH} characters; shorten it`,
    );
  }
  try {
    const pattern = new RegExp(removePattern, 'gu');
    return (text) => withoutMatches(text, pattern);
  } catch (cause) {
    throw new CorpusError(
      'invalid_option',
      `removePattern: is no regular expression (${(cause as Error).message})`,
      {
        cause,
      },
    );
  }
}

function readerOf(
  file: string,
  { textUnit = 'file' }: CorpusOptions,
): (file: string) => AsyncIterable<CorpusRecord> {
  if (/\.jsonl(\.gz)?$/.test(file)) return readJsonLines;
  if (/\.txt(\.gz)?$/.test(file)) return textUnit === 'file' ? readWholeText : readParagraphs;
  if (file.endsWith('.parquet')) return readParquet;
  throw new CorpusError(
    'invalid_option',
    `${file}: is of no known kind, expected .txt, .jsonl, .txt.gz, .jsonl.gz or .parquet`,
  );
}

/** File names, so that ids are the same on every machine; paths as given where two files have the same name. */
function displayNames(files: readonly string[]): readonly string[] {
  const names = files.map((file) => basename(file));
  return names.map((name, i) => (names.indexOf(name) === names.lastIndexOf(name) ? name : files[i]));
}

/**
 * Opens a corpus of files, which are read as a stream. Documents whose text is empty, or empties by `removePattern`,
 * are passed over.
 *
 * @throws CorpusError `invalid_option` at once; while reading, `unreadable_corpus` or `invalid_document` naming file
 *   and line, and `empty_corpus` at the end where there was no document
 */
export function openCorpus(options: CorpusOptions): Corpus {
  const { files } = options;
  if (files.length === 0) throw new CorpusError('invalid_option', 'files: is empty; name at least one file');
  const makeText = textOf(options);
  const remove = removalOf(options);
  const readers = files.map((file) => readerOf(file, options));
  const names = displayNames(files);

  return {
    async *[Symbol.asyncIterator](): AsyncGenerator<CorpusDocument, void> {
      let documents = 0;
      for (const [i, file] of files.entries()) {
        for await (const { line, fields } of readers[i](file)) {
          const { text, removed } = remove(makeText(fields, `${file}:${line}`));
          if (text === '') continue;
          documents++;
          yield { id: `${names[i]}:${line}`, text, fields, ...(removed && { removed }) };
        }
      }
      if (documents === 0) {
        throw new CorpusError(
          'empty_corpus',
          `${files.join(', ')}: no document with any text; give files that have some`,
        );
      }
    },
  };
}
