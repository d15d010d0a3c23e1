import { UntrustedFileError } from '../errors.js';

/** `config.json` is missing, broken, contradicts itself, or asks for what is not supported. */
export class ModelConfigError extends UntrustedFileError {
  readonly code = 'invalid_model_config';
}
