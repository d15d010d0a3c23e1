import { CurriculumError } from './curriculum-error.js';
import type { DifficultySignal } from './difficulty-signal.js';
import { requireNumber } from './require-number.js';
import { restoreInner } from './restore-inner.js';

/** A document's difficulties and the step at which they were measured. */
interface Measured {
  readonly step: number;
  readonly difficulties: Float32Array;
}

const restoreMeasured = (entries: unknown): Map<string, Measured> => {
  if (!Array.isArray(entries))
    throw new CurriculumError('invalid_state', 'state.documents is no list: give what state() returned');
  return new Map(
    entries.map((entry: unknown, i): [string, Measured] => {
      const field = `state.documents[${i}]`;
      if (
        !Array.isArray(entry) ||
        entry.length !== 3 ||
        typeof entry[0] !== 'string' ||
        !Array.isArray(entry[2])
      )
        throw new CurriculumError('invalid_state', `${field} is no entry: give what state() returned`);
      const [documentId, step, values] = entry as [string, unknown, unknown[]];
      const difficulties = Float32Array.from(values, (value, token) =>
        value === null ? Number.NaN : requireNumber('invalid_state', `${field}[2][${token}]`, value),
      );
      const measuredAt = requireNumber('invalid_state', `${field}[1]`, step, { integer: true, min: 0 });
      return [documentId, { step: measuredAt, difficulties }];
    }),
  );
};

/**
 * Measures a document anew only when `steps` steps have passed since it was last measured; between, its difficulties stay as they
 * were. A document that comes back less often than that is measured each time. With `steps` = 1, nothing is kept longer
 * than its step.
 *
 * `measure` needs its second argument, the step; an earlier step than the last one measured counts as a new start.
 * Holds one number for each token that was ever measured; all of it goes into a checkpoint, with the inner signal's state.
 *
 * @param signal what measures; is told all that is observed, at once
 * @param steps a whole number ≥ 1
 * @returns a signal; `measure` throws CurriculumError `invalid_moment` without a step and `invalid_input` for a
 *   document whose length has changed, `restore` throws `invalid_state`
 * @throws CurriculumError `invalid_option`
 */
export const refreshEvery = (signal: DifficultySignal, steps: number): DifficultySignal => {
  requireNumber('invalid_option', 'steps', steps, { integer: true, min: 1 });
  let documents = new Map<string, Measured>();
  return {
    measure: (evidence, step) => {
      const now = requireNumber('invalid_moment', 'step', step, { integer: true, min: 0 });
      const { documentId } = evidence;
      const known = documents.get(documentId);
      if (known !== undefined && known.difficulties.length !== evidence.entropies.length)
        throw new CurriculumError(
          'invalid_input',
          `document ${JSON.stringify(documentId)} has ${evidence.entropies.length} tokens and had ${known.difficulties.length}: give each text a documentId of its own`,
        );
      if (known !== undefined && now >= known.step && now - known.step < steps)
        return known.difficulties.slice();
      // A copy: the signal may hand out an array that it, or the caller, uses again.
      const difficulties = signal.measure(evidence, step).slice();
      documents.set(documentId, { step: now, difficulties });
      return difficulties.slice();
    },
    observe: (documentId, position, rewards) => signal.observe?.(documentId, position, rewards),
    state: () => ({
      documents: [...documents].map(([documentId, { step, difficulties }]) => [
        documentId,
        step,
        Array.from(difficulties, (difficulty) => (Number.isNaN(difficulty) ? null : difficulty)),
      ]),
      signal: signal.state?.() ?? null,
    }),
    restore: (state) => {
      if (typeof state !== 'object' || state === null || !('documents' in state) || !('signal' in state))
        throw new CurriculumError(
          'invalid_state',
          'state is not a refreshed signal’s: give what state() returned',
        );
      documents = restoreMeasured(state.documents);
      restoreInner('state.signal', signal, state.signal);
    },
  };
};
