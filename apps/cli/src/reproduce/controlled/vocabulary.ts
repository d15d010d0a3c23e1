const letters = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => String.fromCharCode(from.charCodeAt(0) + i));

/** Marks of the model, each one token. */
const MARKS = ['<|endoftext|>', '<|pad|>', '<think>', '</think>', '<|budget|>'] as const;

/** Values that a chain ends in. */
export const VALUES: readonly string[] = letters('0', 10);
/** Names that chains begin with; the first ones of a document are asked about, in this order. */
export const HEADS: readonly string[] = letters('A', 6);
/** All other names of chains. */
export const NAMES: readonly string[] = letters('a', 15);
/** Between a name that is asked about and its value. */
export const ASKS = '?';
export const LINE_END = '\n';
/** The line after which the worked part begins. */
export const RULE = '---';
/** Begins a second attempt inside of a thought. */
export const AGAIN = ' again';
/** Words of plain sentences: at each place, the usual word first. */
export const SENTENCE: readonly (readonly string[])[] = [
  ['the', 'some', 'every', 'one'],
  [' dog', ' cat', ' bird', ' child'],
  [' sees', ' likes', ' finds', ' wants'],
  [' milk', ' grass', ' seeds', ' books'],
];
export const SENTENCE_END = '.';

/** The line that says what a name stands for: another name or a value. One token, so that one look finds both. */
export const definition = (name: string, target: string): string => `${name}>${target}\n`;

const DEFINITIONS = [...HEADS, ...NAMES].flatMap((name) =>
  [...NAMES, ...VALUES].filter((target) => target !== name).map((target) => definition(name, target)),
);

/** The corpus's words by id: one token each, and nothing else is in the tokenizer. */
export const WORDS: readonly string[] = [
  ...MARKS,
  ...DEFINITIONS,
  LINE_END,
  ASKS,
  RULE,
  AGAIN,
  SENTENCE_END,
  ...VALUES,
  ...HEADS,
  ...NAMES,
  ...SENTENCE.flat(),
];

/** How many words, from the first on, are tokens wherever their text stands, before any other rule applies. */
export const WHOLE_COUNT = MARKS.length + DEFINITIONS.length;
/** Ends a document. */
export const END = MARKS[0];
export const PADDING = MARKS[1];

const ids = new Map(WORDS.map((word, id) => [word, id]));

/** A word's token id. */
export function wordId(word: string): number {
  const id = ids.get(word);
  if (id === undefined) throw new RangeError(`${JSON.stringify(word)} is no word of the controlled corpus`);
  return id;
}
