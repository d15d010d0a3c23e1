import { MidtrainError } from '../errors.js';

/** Training has left the finite numbers: whatever it learnt from here on would be lost. */
export class DivergenceError extends MidtrainError {
  readonly code = 'diverged';
  override readonly exitCode = 1;

  /** @param found what is not finite, and what it is instead */
  constructor(step: number, found: string) {
    super(
      `step ${step}: training has diverged: ${found}; nothing was learnt from this step: go on from the last checkpoint, or begin anew, with a smaller learning rate`,
    );
  }
}
