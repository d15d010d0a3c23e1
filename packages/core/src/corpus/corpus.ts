/** A piece that was taken out of a text. */
export interface RemovedText {
  /** Index in the text, without any removed pieces, of the character that came after it. */
  readonly at: number;
  /** What the pattern's first group matched; all that the pattern matched where it has no group. */
  readonly text: string;
}

/** One text of a corpus. */
export interface CorpusDocument {
  /** File name and line or row, from 1, such as `train.jsonl:7`. The same on every machine. */
  readonly id: string;
  /** Never empty. */
  readonly text: string;
  /** Everything that the file says about the document; `text` alone for plain text. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What `removePattern` took out of the text, in order; absent where nothing was asked to be removed. */
  readonly removed?: readonly RemovedText[];
}

/** Texts in the order of their files. May be read any number of times; each time the files are read anew. */
export type Corpus = AsyncIterable<CorpusDocument>;

/** What a reader of one kind of file finds, before a text is made of it. */
export interface CorpusRecord {
  /** Line or row in the file, from 1. */
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}
