import { TrainingOptionError } from './training-option-error.js';

/**
 * Lets a temperature pass at which a group's branches differ.
 *
 * @throws {TrainingOptionError} for 0, where all take the most likely tokens: none is better than the others
 */
export function requireSampling(temperature: number): void {
  if (Number.isFinite(temperature) && temperature > 0) return;
  throw new TrainingOptionError(
    `temperature: expected a number above 0, got ${temperature}: a group learns from what its branches do differently`,
  );
}
