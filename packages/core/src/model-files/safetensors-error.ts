import { MidtrainError } from '../errors.js';

/** A safetensors file is missing, cut short, or contradicts itself. */
export class SafetensorsError extends MidtrainError {
  readonly code = 'invalid_safetensors';
}
