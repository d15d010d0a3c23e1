import { MidtrainError } from '../errors.js';

/** The tokenizer cannot write thoughts. */
export class ThoughtFormatError extends MidtrainError {
  readonly code = 'thought_format';

  constructor(mark: string) {
    super(
      `tokenizer: it has no single token for ${mark}; add it as a special token, or name the model's own mark`,
    );
  }
}
