import { BASE, NEXT_TOKEN_COMPUTE, RMT } from '../../methods.js';
import type { Difference, Verdict } from '../results.js';
import { atOnce, change, type Evidence, percent, sign, thinking, weaker } from './evidence.js';

/** RMT's thoughts are better than those of its base. */
export function claimOnTraining({
  accuracy,
  length,
  difference,
  budgetHint,
  settingHint,
}: Evidence): Verdict {
  const { folders, accuracy: gap } = difference(thinking(RMT), thinking(BASE));
  return {
    claim: 'RMT makes the base’s own thoughts better.',
    verdict: sign(gap.average),
    evidence: `${percent(accuracy(RMT))} against ${percent(accuracy(BASE))}: ${change(gap.average)} in the mean of the tiers, ${change(gap.tokens)} over all tokens, at ${length(RMT).toFixed(1)} against ${length(BASE).toFixed(1)} tokens.`,
    hypothesis: `Too few steps, or a budget below what thoughts need. ${budgetHint} ${settingHint}`,
    experiment:
      'Twice and four times the steps at the same rate, and B_min at the length of a right thought.',
    folders,
  };
}

/**
 * Thinking pays where it can: on hard tokens, more than its base knows without, and more than as much computing spent on the
 * next-token loss.
 */
export function claimThatThinkingPays({ difference }: Evidence): Verdict {
  const base = difference(thinking(RMT), atOnce(BASE));
  const compute = difference(thinking(RMT), atOnce(NEXT_TOKEN_COMPUTE));
  const own = difference(thinking(RMT), atOnce(RMT));
  const told = ({ accuracy: { hard, average, tokens } }: Difference) =>
    `${change(hard)} on hard tokens, ${change(average)} in the mean of the tiers, ${change(tokens)} over all tokens`;
  return {
    claim:
      'On hard tokens thinking predicts better, after RMT, than the base does without, and better than next-token training for as many floating-point operations.',
    verdict: weaker(sign(base.accuracy.hard), sign(compute.accuracy.hard)),
    evidence: `Against the base ${told(base)}; against that training ${told(compute)}; against RMT without a thought ${told(own)}.`,
    hypothesis:
      'A small base predicts most tokens as well as they can be, from surface patterns; a thought pays only where it carries steps that one pass cannot, and costs an error wherever it does not end in the right token.',
    experiment:
      'The same comparison by the steps that a token takes, where the corpus knows them; and on a base large enough that its thoughts are right more often than its guesses.',
    folders: [...new Set([...base.folders, ...compute.folders])],
  };
}
