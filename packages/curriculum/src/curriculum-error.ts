/**
 * What was wrong: an option of a factory, a value given to a function, the moment of a draw, a checkpoint's state,
 * a tier that had no candidate left, or too few candidates.
 */
export type CurriculumErrorCode =
  | 'invalid_option'
  | 'invalid_input'
  | 'invalid_moment'
  | 'invalid_state'
  | 'empty_tier'
  | 'too_few_candidates';

/** Every error this package throws. The one-line message names the field, what it was and what was expected. */
export class CurriculumError extends Error {
  override readonly name = 'CurriculumError';
  readonly code: CurriculumErrorCode;

  constructor(code: CurriculumErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
