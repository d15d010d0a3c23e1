import { UntrustedFileError } from '../errors.js';

/** An adapter's options or files are not as they should be, or do not fit the model. */
export class LoraError extends UntrustedFileError {
  readonly code = 'invalid_lora';
}
