/** What was wrong: an option of a factory, the moment a budget was asked for, a length or budget given to a reward, or a template. */
export type BudgetErrorCode = 'invalid_option' | 'invalid_moment' | 'invalid_length' | 'invalid_template';

/** Every error this package throws. The one-line message names the field, what it was and what was expected. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
  readonly code: BudgetErrorCode;

  constructor(code: BudgetErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
