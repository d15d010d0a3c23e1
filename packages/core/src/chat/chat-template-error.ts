import { UntrustedFileError } from '../errors.js';

/** A model has no chat template, or one that cannot be rendered in bounded time and memory. */
export class ChatTemplateError extends UntrustedFileError {
  readonly code = 'invalid_chat_template';
}
