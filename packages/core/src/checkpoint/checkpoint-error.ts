import { MidtrainError } from '../errors.js';

/** A checkpoint cannot be gone on from: it is damaged, or of another model. */
export class CheckpointError extends MidtrainError {
  readonly code = 'damaged_checkpoint';
}
