import { UntrustedFileError } from '../errors.js';

/** A GGUF file is missing, cut short, contradicts itself, or holds what is not supported. */
export class GgufError extends UntrustedFileError {
  readonly code = 'invalid_gguf';
}
