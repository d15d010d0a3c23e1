import { MidtrainError } from '../errors.js';

/** A checkpoint is damaged, and cannot be gone on from. */
export class CheckpointError extends MidtrainError {
  readonly code = 'damaged_checkpoint';
}
