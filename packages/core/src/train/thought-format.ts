import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { ThoughtFormatError } from './thought-format-error.js';

/** How a position is put to the policy, in tokens. */
export interface ThoughtFormat {
  /** Tokens after the prefix: the instruction for this budget, then `<think>`. */
  instruction(budget: number): readonly number[];
  /** Token id of `</think>`. */
  readonly endOfThought: number;
}

export interface ThoughtFormatOptions {
  readonly tokenizer: Pick<Tokenizer, 'encode' | 'specialTokenId'>;
  /** The instruction's text for a budget in tokens; may be empty. */
  readonly instruction: (budget: number) => string;
  /** Default `<think>`. */
  readonly startOfThought?: string;
  /** Default `</think>`; must be one token of its own. */
  readonly endOfThought?: string;
}

/**
 * The paper's layout, with nothing that depends on the position before the document: document up to the position,
 * instruction, `<think>`, thought, `</think>`, prediction (DESIGN, one step).
 *
 * @throws {ThoughtFormatError} when the tokenizer has no single token for the marks
 */
export function thoughtFormat(options: ThoughtFormatOptions): ThoughtFormat {
  const { tokenizer, instruction, startOfThought = '<think>', endOfThought = '</think>' } = options;
  const mark = (text: string): number => {
    const id = tokenizer.specialTokenId(text);
    if (id === undefined) throw new ThoughtFormatError(text);
    return id;
  };
  const start = mark(startOfThought);
  return {
    instruction: (budget) => [...tokenizer.encode(instruction(budget), { addSpecialTokens: false }), start],
    endOfThought: mark(endOfThought),
  };
}
