import { MidtrainError } from '../errors.js';

/** What was asked of the tree cannot be done: the message names the field, and says what was expected. */
export class RequestError extends MidtrainError {
  readonly code = 'invalid_request';
}
