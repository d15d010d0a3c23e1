/**
 * A token budget that rises by `rise` tokens a step up to `peak`, then falls exponentially to a fifth of it.
 * The contract is `TokenBudget` of @midtrain/budget: a moment in, a whole number of tokens ≥ 1 out.
 */
export default function warmUpBudget({ peak = 200, rise = 20 } = {}) {
  return ({ step, totalSteps }) =>
    Math.max(1, Math.min(rise * (step + 1), Math.floor(peak * 0.2 ** (step / totalSteps))));
}
