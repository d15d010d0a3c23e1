import type { Tokenizer } from './tokenizer.js';
import { TokenizerError } from './tokenizer-error.js';

/**
 * Checks that the model has a row for every id of the tokenizer. Models often have more rows, for alignment.
 *
 * @throws TokenizerError where the tokenizer has ids beyond the model's vocabulary
 */
export function requireFittingTokenizer(
  tokenizer: Pick<Tokenizer, 'vocabularySize'>,
  config: { readonly vocabularySize: number },
  directory: string,
): void {
  if (tokenizer.vocabularySize <= config.vocabularySize) return;
  throw new TokenizerError(
    `${directory}: the tokenizer has ${tokenizer.vocabularySize} tokens but the model's vocab_size is ${config.vocabularySize}; use the tokenizer that the model was trained with`,
  );
}
