import { CurriculumError } from './curriculum-error.js';
import { largest } from './largest.js';
import { requireNumber } from './require-number.js';

export interface EntropyOptions {
  /**
   * Look only at the k most likely tokens, their probabilities renormalised to sum to 1; a whole number ≥ 1.
   * RPT (arXiv 2506.08007) takes 16. Default: the whole vocabulary.
   */
  readonly topK?: number;
}

/** Rounding of half-precision models may put a log-probability slightly above 0; more than this is a mistake. */
const LOG_PROB_TOLERANCE = 0.01;

const requireScores = (field: string, scores: ArrayLike<number>, max: number, hint: string): void => {
  let finite = false;
  for (let i = 0; i < scores.length; i++) {
    // NaN fails every comparison.
    if (!(scores[i] <= max))
      throw new CurriculumError('invalid_input', `${field}[${i}] is ${scores[i]}: ${hint}`);
    if (scores[i] !== Number.NEGATIVE_INFINITY) finite = true;
  }
  if (!finite)
    throw new CurriculumError(
      'invalid_input',
      `${field} has no finite entry: give at least one token that may follow`,
    );
};

/**
 * H = ln Z + Σ p·(m − x) with m the largest score and Z = Σ e^(x−m): every term is ≥ 0, so nothing overflows and
 * nothing cancels, even where H is tiny.
 */
const entropyOfScores = (scores: ArrayLike<number>): number => {
  let top = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > scores[top]) top = i;
  let others = 0;
  let gaps = 0;
  for (let i = 0; i < scores.length; i++) {
    const gap = scores[top] - scores[i];
    if (i === top || gap === Number.POSITIVE_INFINITY) continue;
    const weight = Math.exp(-gap);
    others += weight;
    gaps += weight * gap;
  }
  return Math.log1p(others) + gaps / (1 + others);
};

const entropyOver = (scores: ArrayLike<number>, { topK }: EntropyOptions): number => {
  if (topK === undefined) return entropyOfScores(scores);
  requireNumber('invalid_option', 'topK', topK, { integer: true, min: 1 });
  return entropyOfScores(topK < scores.length ? largest(scores, topK) : scores);
};

/**
 * Entropy in nats of softmax(logits), in 0..ln(vocabulary), or of its `topK` most likely tokens, in 0..ln(topK).
 * The paper's difficulty of a token. Exact to rounding for logits of any finite size; −Infinity masks a token out.
 *
 * @param logits unnormalised scores of the vocabulary, length V ≥ 1
 * @throws CurriculumError `invalid_input` for NaN, +Infinity, or no finite logit; `invalid_option` for a bad topK
 */
export const entropyFromLogits = (logits: ArrayLike<number>, options: EntropyOptions = {}): number => {
  requireScores('logits', logits, Number.MAX_VALUE, 'give a finite number, or -Infinity to mask the token');
  return entropyOver(logits, options);
};

/**
 * As `entropyFromLogits`, from log-probabilities in nats. The list may be the whole vocabulary or, as inference
 * servers return it, only its most likely tokens; it is renormalised over what was given, then over `topK`.
 *
 * @param logProbs log-probabilities, each ≤ 0 (up to 0.01 above for rounding), length ≥ 1
 * @throws CurriculumError `invalid_input` for NaN, a value above 0, or no finite entry; `invalid_option` for a bad topK
 */
export const entropyFromLogProbs = (logProbs: ArrayLike<number>, options: EntropyOptions = {}): number => {
  const hint = 'give a log-probability, at most 0 (entropyFromLogits takes logits)';
  requireScores('logProbs', logProbs, LOG_PROB_TOLERANCE, hint);
  return entropyOver(logProbs, options);
};
