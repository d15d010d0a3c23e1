import { UntrustedFileError } from '../errors.js';

/** A safetensors file is missing, cut short, or contradicts itself. */
export class SafetensorsError extends UntrustedFileError {
  readonly code = 'invalid_safetensors';
}
