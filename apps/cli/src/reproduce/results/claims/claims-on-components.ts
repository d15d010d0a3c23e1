import {
  ABLATIONS,
  ADAPTIVE,
  atRmtRate,
  NO_BUDGET,
  NO_CURRICULUM,
  NO_NEXT_TOKEN,
  RMT,
} from '../../methods.js';
import type { Estimate } from '../../statistics/hierarchical-bootstrap.js';
import type { Verdict } from '../results.js';
import { atOnce, change, type Evidence, sign, thinking } from './evidence.js';

/** What to say of a component that does not show. */
type Reason = readonly [hypothesis: string, experiment: string];

interface Component {
  readonly name: string;
  readonly reason: (evidence: Evidence) => Reason;
  /** Evidence of its own. */
  readonly besides?: (evidence: Evidence) => string;
}

/** What RMT knows without a thought beyond what it does when trained without the next-token loss. */
const knowledge = ({ difference }: Evidence): Estimate | null =>
  difference(atOnce(RMT), atOnce(NO_NEXT_TOKEN)).accuracy.average;

const COMPONENTS: Readonly<Record<(typeof ABLATIONS)[number], Component>> = {
  [NO_BUDGET]: {
    name: 'token budget',
    reason: (evidence) => {
      const { method, length, budgetHint } = evidence;
      const end = method(RMT).budget.toFixed(0);
      if (sign(evidence.difference(thinking(RMT), thinking(NO_BUDGET)).length) === 'holds')
        return [
          `The length’s reward is highest at the budget itself, so that it holds thoughts at ${length(RMT).toFixed(1)} tokens (${end} asked for at the end) where the match alone brings them to ${length(NO_BUDGET).toFixed(1)}. ${budgetHint}`,
          'The same with a reward that is as high for every length below the budget.',
        ];
      return [
        `The budget trades accuracy for length: it ends at ${end} tokens, and where that is less than a thought needs, keeping to it costs matches. ${budgetHint}`,
        'B_min on a finer grid around the length of a right thought, and the length counted only where the match holds.',
      ];
    },
  },
  [NO_CURRICULUM]: {
    name: 'curriculum',
    reason: ({ settingHint }) => [
      `In a run this short the curriculum changes which positions are drawn more than which are learnt. ${settingHint}`,
      'Several times the steps with the same schedule, on a corpus with a smaller share of hard tokens, where drawing evenly misses them.',
    ],
  },
  [NO_NEXT_TOKEN]: {
    name: 'next-token loss',
    reason: (evidence) =>
      sign(knowledge(evidence)) === 'holds'
        ? [
            'The loss keeps what the model predicts without a thought, and its thoughts do not lean on that yet, after so few updates.',
            'Ten times the steps with λ = 0 and λ = 0.1: whether thoughts get worse once enough of that knowledge is gone.',
          ]
        : [
            'So few updates hardly move what the model predicts without a thought; the paper trains ten epochs, in which reinforcement alone has time to drift.',
            'Ten times the steps with λ = 0 and λ = 0.1, and the next-token loss of both over the steps.',
          ],
    besides: (evidence) => ` Without a thought ${change(knowledge(evidence))}.`,
  },
};

const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(1)}`;

const tokens = ({ value, low, high }: Estimate): string =>
  `${signed(value)} tokens (${signed(low)} to ${signed(high)})`;

/** What holds at one of two rates alone holds partly; else nothing is shown where the two disagree. */
function atBothRates(own: Verdict['verdict'], alike: Verdict['verdict']): Verdict['verdict'] {
  if (own === alike) return own;
  return [own, alike].includes('holds') && ![own, alike].includes('contradicted') ? 'partly' : 'not shown';
}

/** Each component matters: RMT less RMT without it is above 0, be it trained at its own rate or at RMT's. */
export const claimsOnComponents = (evidence: Evidence): Verdict[] =>
  ABLATIONS.map((without): Verdict => {
    const { name, reason, besides } = COMPONENTS[without];
    const [hypothesis, experiment] = reason(evidence);
    const own = evidence.difference(thinking(RMT), thinking(without));
    const { accuracy, length, folders } = own;
    const twin = evidence.differences.find(
      ({ first, second }) => first.method === RMT && second.method === atRmtRate(without),
    );
    const elsewhere =
      twin === undefined
        ? ' Both were trained at the same rate.'
        : ` Without it at RMT’s rate: ${change(twin.accuracy.average)}, on hard tokens ${change(twin.accuracy.hard)}.`;
    return {
      claim: `The ${name} matters: without it RMT predicts worse.`,
      verdict: atBothRates(sign(accuracy.average), sign((twin ?? own).accuracy.average)),
      evidence: `RMT less RMT without it, thinking: ${change(accuracy.average)} in the mean of the tiers, ${change(accuracy.hard)} on hard tokens, ${change(accuracy.tokens)} over all; length ${length ? tokens(length) : '–'}.${elsewhere}${besides?.(evidence) ?? ''}`,
      hypothesis,
      experiment,
      folders: [...new Set([...folders, ...(twin ?? own).folders])],
    };
  });

/** What the paper's reviewers asked for. */
export function claimOnAdaptiveBudget({ difference, method }: Evidence): Verdict {
  const { accuracy, length, folders } = difference(thinking(ADAPTIVE), thinking(RMT));
  return {
    claim:
      'Asked by the reviewers: a budget that goes by the token’s difficulty does better than one by the step alone.',
    verdict: sign(accuracy.average),
    evidence: `RMT with it less RMT, thinking: ${change(accuracy.average)} in the mean of the tiers, ${change(accuracy.hard)} on hard tokens, ${change(accuracy.tokens)} over all; length ${length ? tokens(length) : '–'}, at ${method(ADAPTIVE).budget.toFixed(1)} against ${method(RMT).budget.toFixed(1)} tokens asked for.`,
    hypothesis:
      'Entropy says that a token is hard, not how many steps it takes: tokens that chance decides get the long budgets as well. Or the plain budget leaves enough for all.',
    experiment:
      'The same with the true number of steps as the difficulty, where the corpus knows it: an upper bound of what such a budget can bring.',
    folders,
  };
}
