import { EvalMathError } from '../errors.js';

/**
 * The unbiased estimate of pass@k from n samples of which c are right: 1 − C(n−c, k) / C(n, k)
 * (Chen et al., arXiv 2107.03374, equation 1), in 0..1. Needs 1 <= k <= n and 0 <= c <= n; throws `INVALID_OPTION`.
 */
export function passAtK(samples: number, correct: number, k: number): number {
  const whole = [samples, correct, k].every(Number.isInteger);
  if (!whole || k < 1 || k > samples || correct < 0 || correct > samples) {
    throw new EvalMathError(
      'INVALID_OPTION',
      `pass@k needs whole numbers 1 <= k <= samples and 0 <= correct <= samples, not k = ${k}, samples = ${samples}, correct = ${correct}`,
    );
  }
  if (samples - correct < k) return 1;
  let allWrong = 1;
  for (let index = samples - correct + 1; index <= samples; index += 1) allWrong *= 1 - k / index;
  return 1 - allWrong;
}
