import { MidtrainError } from '../errors.js';

/** A GGUF file is missing, cut short, contradicts itself, or holds what is not supported. */
export class GgufError extends MidtrainError {
  readonly code = 'invalid_gguf';
}
