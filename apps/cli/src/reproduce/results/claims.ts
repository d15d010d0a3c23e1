import {
  ABLATIONS,
  ADAPTIVE,
  BASE,
  type Method,
  NO_BUDGET,
  NO_CURRICULUM,
  NO_NEXT_TOKEN,
  RMT,
  RPT,
} from '../methods.js';
import { PAPER_CLAIM } from '../paper.js';
import type { Estimate } from '../statistics/hierarchical-bootstrap.js';
import { paired } from './difference-entry.js';
import type { FinishedRun } from './finished-run.js';
import { contrast, correctness, overallEstimate, thoughtLengths } from './outcome-values.js';
import type {
  Difference,
  MethodEntry,
  PostTrainingEntry,
  SensitivityEntry,
  Side,
  Verdict,
} from './results.js';

/** What verdicts are reached from. */
export interface Evidence {
  readonly methods: readonly MethodEntry[];
  readonly differences: readonly Difference[];
  readonly postTraining: readonly PostTrainingEntry[];
  readonly sensitivity: readonly SensitivityEntry[];
  readonly runsOf: (method: string) => readonly FinishedRun[];
}

const points = (share: number): string => `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`;
const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;
const interval = ({ low, high }: Estimate): string => `${points(low)} to ${points(high)}`;
const change = (estimate: Estimate): string => `${points(estimate.value)} points (${interval(estimate)})`;

/** Where an interval lies of 0. */
const sign = ({ low, high }: Estimate): Verdict['verdict'] => {
  if (low > 0) return 'holds';
  return high < 0 ? 'contradicted' : 'not shown';
};

/** A claim's verdict; the hypothesis and the experiment are told only where it does not hold. */
function verdict(told: Verdict): Verdict {
  const { hypothesis: _, experiment: __, ...alone } = told;
  return told.verdict === 'holds' ? alone : told;
}

/** Verdicts on the paper's claims, computed from the results alone. */
export function verdicts(evidence: Evidence): Verdict[] {
  const { methods, differences, postTraining, sensitivity, runsOf } = evidence;
  const method = (id: string) => methods.find((entry) => entry.id === id) as MethodEntry;
  const thinking = (id: string): number | undefined => method(id).withReasoning.average?.value;
  const difference = (first: Side, second: Side): Difference =>
    differences.find(
      (one) =>
        one.first.method === first.method &&
        one.first.thinking === first.thinking &&
        one.second.method === second.method &&
        one.second.thinking === second.thinking,
    ) as Difference;
  const think = (id: string): Side => ({ method: id, thinking: true });
  const blurt = (id: string): Side => ({ method: id, thinking: false });
  const rmt = method(RMT);

  /** How the tried budgets did that are not below `tokens` at the end, best first. */
  const roomier = methods
    .filter(({ id }) => id === ADAPTIVE || id.startsWith('rmt-min-'))
    .sort((a, b) => (b.withReasoning.average?.value ?? 0) - (a.withReasoning.average?.value ?? 0));
  const best = roomier[0];
  const budgetHint = best
    ? `The best of the other budgets, ${best.label}, reaches ${percent(best.withReasoning.average?.value)} at ${best.meanLength?.value.toFixed(1)} tokens against ${percent(thinking(RMT))} at ${rmt.meanLength?.value.toFixed(1)}.`
    : '';
  const strongest = [...sensitivity].sort(
    (a, b) => (b.difference.accuracy.average?.value ?? 0) - (a.difference.accuracy.average?.value ?? 0),
  )[0];
  const sensitivityHint = strongest?.difference.accuracy.average
    ? `Of the settings tried one at a time, ${strongest.parameter} = ${strongest.value} did best: ${change(strongest.difference.accuracy.average)} against the default.`
    : '';

  const accuracyClaim = (): Verdict => {
    const gap = difference(think(RMT), think(RPT));
    const average = gap.accuracy.average as Estimate;
    const relative = (thinking(RMT) ?? 0) / (thinking(RPT) ?? 0) - 1;
    const relatively = Number.isFinite(relative) ? `, ${points(relative)} % relative` : '';
    const beyond = overallEstimate(
      paired(runsOf(RMT), runsOf(RPT)).map(([one, other]) =>
        contrast(correctness(one, true), correctness(other, true), 1 + PAPER_CLAIM.relativeGain),
      ),
      'claim on accuracy',
    ) as Estimate;
    return verdict({
      claim: `RMT predicts the next token better than RPT, by ${100 * PAPER_CLAIM.relativeGain} % or more relative.`,
      verdict: beyond.low > 0 ? 'holds' : average.low > 0 ? 'partly' : sign(average),
      evidence: `${percent(thinking(RMT))} against ${percent(thinking(RPT))}, thinking: ${change(average)}${relatively}.`,
      hypothesis: `A gain of that size needs a baseline that loses most of its accuracy to long thoughts; here RPT thinks for ${method(RPT).meanLength?.value.toFixed(1)} tokens and is right on ${percent(thinking(RPT))}. ${sensitivityHint}`,
      experiment:
        'A base that overthinks more (longer and more wrong attempts in its cold start), all else the same: the gap should grow with the share of thoughts that end wrong or unended.',
      folders: gap.folders,
    });
  };

  const lengthClaim = (): Verdict => {
    const gap = difference(think(RMT), think(RPT));
    const length = gap.length as Estimate;
    const below = overallEstimate(
      paired(runsOf(RMT), runsOf(RPT)).map(([one, other]) =>
        contrast(thoughtLengths(one), thoughtLengths(other), PAPER_CLAIM.lengthShare),
      ),
      'claim on length',
    ) as Estimate;
    const share = (rmt.meanLength?.value ?? 0) / (method(RPT).meanLength?.value ?? 1);
    return verdict({
      claim: `RMT's thoughts are ${100 * PAPER_CLAIM.lengthShare} % as long as RPT's, or shorter.`,
      verdict:
        below.high < 0 ? 'holds' : length.high < 0 ? 'partly' : length.low > 0 ? 'contradicted' : 'not shown',
      evidence: `${rmt.meanLength?.value.toFixed(1)} against ${method(RPT).meanLength?.value.toFixed(1)} tokens: ${percent(share)} of RPT's.`,
      hypothesis: `The share follows from the budget at the end (${rmt.budget.toFixed(0)} tokens asked for, and kept to) and from how far RPT's thoughts run; a thought that has to hold its steps cannot get much shorter than them. ${budgetHint}`,
      experiment:
        'The same runs from a base whose thoughts are several times longer than they need to be, as R1-Distill’s are: length would have further to fall.',
      folders: gap.folders,
    });
  };

  const componentClaim = (
    without: Method['id'],
    name: string,
    reason: string,
    experiment: string,
  ): Verdict => {
    const gap = difference(think(RMT), think(without));
    const average = gap.accuracy.average as Estimate;
    const hard = gap.accuracy.hard;
    const length = gap.length;
    return verdict({
      claim: `The ${name} matters: without it RMT predicts worse.`,
      verdict: sign(average),
      evidence: `RMT less RMT without it, thinking: ${change(average)}; on hard tokens ${hard ? change(hard) : '–'}; thoughts ${length ? `${length.value.toFixed(1)} tokens (${length.low.toFixed(1)} to ${length.high.toFixed(1)})` : '–'}.`,
      hypothesis: reason,
      experiment,
      folders: gap.folders,
    });
  };

  const paysClaim = (): Verdict => {
    const gap = difference(think(RMT), blurt(BASE));
    const average = gap.accuracy.average as Estimate;
    const hard = gap.accuracy.hard as Estimate;
    const own = difference(think(RMT), blurt(RMT)).accuracy;
    return verdict({
      claim: 'After RMT, thinking predicts better than the base does without.',
      verdict: sign(average) === 'holds' ? 'holds' : hard.low > 0 ? 'partly' : sign(average),
      evidence: `${change(average)} over all tiers, ${change(hard)} on hard tokens; against RMT without a thought ${own.average ? change(own.average) : '–'}, on hard tokens ${own.hard ? change(own.hard) : '–'}.`,
      hypothesis:
        'A small base predicts most tokens as well as they can be, from surface patterns; a thought pays only where it carries steps that one pass cannot, and costs an error wherever it does not end in the right token.',
      experiment:
        'The same comparison by the steps that a token takes, where the corpus knows them; and on a base large enough that its thoughts are right more often than its guesses.',
      folders: gap.folders,
    });
  };

  const trainedClaim = (): Verdict => {
    const gap = difference(think(RMT), think(BASE));
    const average = gap.accuracy.average as Estimate;
    return verdict({
      claim: 'RMT makes the base’s own thoughts better.',
      verdict: sign(average),
      evidence: `${percent(thinking(RMT))} against ${percent(thinking(BASE))}: ${change(average)}, at ${rmt.meanLength?.value.toFixed(1)} against ${method(BASE).meanLength?.value.toFixed(1)} tokens.`,
      hypothesis: `Too few steps, or a budget below what thoughts need. ${budgetHint} ${sensitivityHint}`,
      experiment:
        'Twice and four times the steps at the same rate, and B_min at the length of a right thought.',
      folders: gap.folders,
    });
  };

  const postClaim = (): Verdict | undefined => {
    const entry = postTraining.find(({ method: id }) => id === RMT);
    const base = postTraining.find(({ method: id }) => id === BASE);
    if (!entry?.overBase || !base) return undefined;
    return verdict({
      claim: 'Post-training from RMT ends higher than from the base.',
      verdict: sign(entry.overBase),
      evidence: `${percent(entry.before.value)} → ${percent(entry.after.value)} against ${percent(base.before.value)} → ${percent(base.after.value)}; at the end ${change(entry.overBase)}.`,
      hypothesis:
        entry.after.value < 0.05 && base.after.value < 0.05
          ? 'A model of this size answers almost none of these questions, whatever it starts from: there is no reward to learn from.'
          : 'Post-training on questions of the same corpus teaches from either start what mid-training taught, once it has enough steps.',
      experiment:
        'Accuracy after every few steps of post-training: if mid-training gives a head start alone, the curves meet.',
      folders: [...entry.folders, ...base.folders],
    });
  };

  const components: Readonly<Record<(typeof ABLATIONS)[number], readonly [string, string, string]>> = {
    [NO_BUDGET]: [
      'token budget',
      `The budget trades accuracy for length: it ends at ${rmt.budget.toFixed(0)} tokens, and where that is less than a thought needs, keeping to it costs matches. ${budgetHint}`,
      'B_min on a finer grid around the length of a right thought, and the length counted only where the match holds.',
    ],
    [NO_CURRICULUM]: [
      'curriculum',
      `In a run this short the curriculum changes which positions are drawn more than which are learnt. ${sensitivityHint}`,
      'Several times the steps with the same schedule, drawing from a corpus with a larger share of hard tokens.',
    ],
    [NO_NEXT_TOKEN]: [
      'next-token loss',
      'So few updates at these rates hardly move what the model predicts without a thought; the paper trains ten epochs, in which reinforcement alone drifts.',
      'Ten times the steps with λ = 0 and λ = 0.1, and the next-token loss of both over the steps.',
    ],
  };
  return [
    accuracyClaim(),
    lengthClaim(),
    ...ABLATIONS.map((id) => componentClaim(id, ...components[id])),
    trainedClaim(),
    paysClaim(),
    ...[postClaim()].filter((one) => one !== undefined),
  ];
}
