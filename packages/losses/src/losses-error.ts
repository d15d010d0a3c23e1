/** What went wrong, for programs that react to it. */
export type LossesErrorCode =
  /** An option of a loss, an estimator or a reward is out of its range. */
  | 'invalid_option'
  /** A loss was called without a tensor that its options make necessary. */
  | 'missing_tensor'
  /** A loss was called with tensors whose shapes do not fit each other. */
  | 'invalid_shape'
  /** Rewards that cannot be split into groups, or are not finite. */
  | 'invalid_rewards'
  /** A branch's outcome lacks what the reward looks at. */
  | 'invalid_outcome';

/** Every error this package throws. The message names the field and says what was expected. */
export class LossesError extends Error {
  readonly code: LossesErrorCode;

  constructor(code: LossesErrorCode, message: string) {
    super(message);
    this.name = 'LossesError';
    this.code = code;
  }
}
