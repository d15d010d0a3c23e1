import { MidtrainError } from '../errors.js';

export type CorpusErrorCode =
  | 'invalid_option'
  | 'unreadable_corpus'
  | 'invalid_document'
  | 'empty_corpus'
  | 'document_too_long'
  | 'changed_corpus';

/** A corpus or one of its documents cannot be used; the message names the file and, where there is one, the line. */
export class CorpusError extends MidtrainError {
  constructor(
    readonly code: CorpusErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
