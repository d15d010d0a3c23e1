import { CurriculumError } from './curriculum-error.js';
import type { DifficultySignal } from './difficulty-signal.js';

/**
 * Hands a wrapped signal its part of a wrapper's state; null where it had none.
 * @throws CurriculumError `invalid_state` for a state that the signal cannot take: another signal wrote it
 */
export const restoreInner = (field: string, signal: DifficultySignal, state: unknown): void => {
  if (state === null && signal.state === undefined) return;
  if (state === null || signal.restore === undefined)
    throw new CurriculumError(
      'invalid_state',
      `${field} is ${state === null ? 'missing' : 'for a signal with a state'}: restore into the signal that wrote it`,
    );
  signal.restore(state);
};
