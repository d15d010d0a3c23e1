import { MidtrainError } from '../errors.js';

/** An option of a training loop does not fit; the message names it and says what was expected. */
export class TrainingOptionError extends MidtrainError {
  readonly code = 'invalid_option';
}
