import type { Notation } from '../read/read.js';

/** Which kinds of answers may be read out of a text. */
export type ExtractKind = 'latex' | 'expr' | 'string';

/** How an answer was found, from the surest to the last resort. */
export type Source =
  | 'boxed'
  | 'final-answer'
  | 'hashes'
  | 'answer'
  | 'whole-text'
  | 'last-math'
  | 'last-number'
  | 'choice';

/** One stretch of a text that may be its answer. */
export interface Candidate {
  readonly text: string;
  readonly notation: Notation;
  readonly source: Source;
  /** Where the stretch ends in the text, to tell the later of two. */
  readonly end: number;
}
