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
    evidence: `${percent(accuracy(RMT))} against ${percent(accuracy(BASE))}: ${change(gap.average)}, at ${length(RMT).toFixed(1)} against ${length(BASE).toFixed(1)} tokens.`,
    hypothesis: `Too few steps, or a budget below what thoughts need. ${budgetHint} ${settingHint}`,
    experiment:
      'Twice and four times the steps at the same rate, and B_min at the length of a right thought.',
    folders,
  };
}

/** Over all tokens, or at least on hard ones where the others do not speak against it. */
function overallOrHard({ average, hard }: Difference['accuracy']): Verdict['verdict'] {
  const overall = sign(average);
  return overall === 'not shown' && sign(hard) === 'holds' ? 'partly' : overall;
}

/** Thinking pays: more than its base knows without, and more than as much computing spent on the next-token loss. */
export function claimThatThinkingPays({ difference }: Evidence): Verdict {
  const base = difference(thinking(RMT), atOnce(BASE));
  const compute = difference(thinking(RMT), atOnce(NEXT_TOKEN_COMPUTE));
  const own = difference(thinking(RMT), atOnce(RMT)).accuracy;
  const told = ({ accuracy }: Difference) =>
    `${change(accuracy.average)} over all tiers, ${change(accuracy.hard)} on hard tokens`;
  return {
    claim:
      'After RMT, thinking predicts better than the base does without, and better than next-token training for as many floating-point operations.',
    verdict: weaker(overallOrHard(base.accuracy), overallOrHard(compute.accuracy)),
    evidence: `Against the base ${told(base)}; against that training ${told(compute)}; against RMT without a thought ${change(own.average)}, on hard tokens ${change(own.hard)}.`,
    hypothesis:
      'A small base predicts most tokens as well as they can be, from surface patterns; a thought pays only where it carries steps that one pass cannot, and costs an error wherever it does not end in the right token.',
    experiment:
      'The same comparison by the steps that a token takes, where the corpus knows them; and on a base large enough that its thoughts are right more often than its guesses.',
    folders: [...new Set([...base.folders, ...compute.folders])],
  };
}
