import type { DifficultySignal } from './difficulty-signal.js';
import { requireMeasurable } from './require-measurable.js';

/**
 * The token's own loss, −log p(token), in nats, ≥ 0: how surprised the model is by what stands there, where the entropy
 * says how surprised it expects to be. High also for tokens that nothing could predict, such as typos.
 * @returns a signal; `measure` throws CurriculumError `invalid_input` for an infinite log-probability
 */
export const lossSignal = (): DifficultySignal => ({
  measure: ({ documentId, logProbs }) =>
    requireMeasurable('logProbs', documentId, logProbs).map((logProb) => Math.max(0, -logProb)),
});
