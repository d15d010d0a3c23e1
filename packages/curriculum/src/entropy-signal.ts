import type { DifficultySignal } from './difficulty-signal.js';
import { requireMeasurable } from './require-measurable.js';

/**
 * The paper's difficulty (RMT, arXiv 2509.24375): the entropy, in nats, of the model's distribution at the token.
 * @returns a signal; `measure` throws CurriculumError `invalid_input` for an infinite entropy
 */
export const entropySignal = (): DifficultySignal => ({
  measure: ({ documentId, entropies }) => requireMeasurable('entropies', documentId, entropies.slice()),
});
