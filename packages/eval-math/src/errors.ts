/** What kind of mistake an {@link EvalMathError} names. */
export type EvalMathErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_LINE'
  | 'INVALID_BENCHMARK'
  | 'INVALID_CACHE'
  | 'GENERATION_FAILED';

/** Every error this package throws on purpose: one line that names the field or file and what was expected. */
export class EvalMathError extends Error {
  readonly code: EvalMathErrorCode;

  constructor(code: EvalMathErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EvalMathError';
    this.code = code;
  }
}
