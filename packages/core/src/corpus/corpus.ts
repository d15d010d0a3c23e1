/** One text of a corpus. */
export interface CorpusDocument {
  /** File name and line or row, from 1, such as `train.jsonl:7`. The same on every machine. */
  readonly id: string;
  /** Never empty. */
  readonly text: string;
  /** Everything that the file says about the document; `text` alone for plain text. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Texts in the order of their files. May be read any number of times; each time the files are read anew. */
export type Corpus = AsyncIterable<CorpusDocument>;

/** What a reader of one kind of file finds, before a text is made of it. */
export interface CorpusRecord {
  /** Line or row in the file, from 1. */
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}
