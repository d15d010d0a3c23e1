import { MidtrainError } from '../errors.js';

/** `config.json` is missing, broken, contradicts itself, or asks for what is not supported. */
export class ModelConfigError extends MidtrainError {
  readonly code = 'invalid_model_config';
}
