import { UntrustedFileError } from '../errors.js';

/** A tokenizer's files are missing, broken, of an unsupported kind, or do not fit the model. */
export class TokenizerError extends UntrustedFileError {
  readonly code = 'invalid_tokenizer';
}
