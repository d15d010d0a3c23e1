import type { DocumentReading } from '../tree/trunk.js';
import { DivergenceError } from './divergence-error.js';
import type { TrainingDocument } from './document.js';

/**
 * Lets a step go on with figures that are finite.
 *
 * @throws {DivergenceError} that names the others
 */
export function requireFinite(step: number, figures: Readonly<Record<string, number>>): void {
  const wrong = Object.entries(figures).filter(([, value]) => !Number.isFinite(value));
  if (wrong.length === 0) return;
  throw new DivergenceError(step, wrong.map(([name, value]) => `${name} is ${value}`).join(', '));
}

/**
 * Lets a step go on with documents that the policy can read. An entropy that is not finite would only be no candidate.
 *
 * @throws {DivergenceError} that names a token whose prediction is not finite
 */
export function requireFiniteReadings(
  step: number,
  documents: readonly TrainingDocument[],
  readings: readonly DocumentReading[],
): void {
  readings.forEach(({ entropies }, i) => {
    // Nothing predicts the first.
    const at = entropies.findIndex((entropy, position) => position > 0 && !Number.isFinite(entropy));
    if (at < 0) return;
    requireFinite(step, { [`entropy of token ${at} of document '${documents[i].id}'`]: entropies[at] });
  });
}
