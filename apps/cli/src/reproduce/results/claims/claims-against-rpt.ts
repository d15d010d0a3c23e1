import { RMT, RPT } from '../../methods.js';
import { PAPER_CLAIM } from '../../paper.js';
import { paired } from '../difference-entry.js';
import { contrast, correctness, overallEstimate, thoughtLengths } from '../outcome-values.js';
import type { Verdict } from '../results.js';
import { change, type Evidence, percent, sign, thinking } from './evidence.js';

/** Better than RPT, by as much as the paper says: RMT's accuracy less 1.6 times RPT's is above 0. */
export function claimOnAccuracy(evidence: Evidence): Verdict {
  const { accuracy, length, difference, runsOf, settingHint } = evidence;
  const { folders, accuracy: gap } = difference(thinking(RMT), thinking(RPT));
  const beyond = overallEstimate(
    paired(runsOf(RMT), runsOf(RPT)).map(([rmt, rpt]) =>
      contrast(correctness(rmt, true), correctness(rpt, true), 1 + PAPER_CLAIM.relativeGain),
    ),
    'claim on accuracy',
  );
  const direction = sign(gap.average);
  const relative = accuracy(RMT) / accuracy(RPT) - 1;
  const relatively = Number.isFinite(relative) ? `, ${(100 * relative).toFixed(1)} % relative` : '';
  return {
    claim: `RMT predicts the next token better than RPT, by ${100 * PAPER_CLAIM.relativeGain} % or more relative.`,
    verdict: direction === 'holds' && sign(beyond) !== 'holds' ? 'partly' : direction,
    evidence: `${percent(accuracy(RMT))} against ${percent(accuracy(RPT))}, thinking: ${change(gap.average)}${relatively}.`,
    hypothesis: `A gain of that size needs a baseline that loses most of its accuracy to long thoughts; here RPT thinks for ${length(RPT).toFixed(1)} tokens and is right on ${percent(accuracy(RPT))}. ${settingHint}`,
    experiment:
      'A base that overthinks more (longer and more wrong attempts in its cold start), all else the same: the gap should grow with the share of thoughts that end wrong or unended.',
    folders,
  };
}

/** With thoughts as short beside RPT's as the paper says: RMT's length less 0.21 times RPT's is below 0. */
export function claimOnLength(evidence: Evidence): Verdict {
  const { method, length, difference, runsOf, budgetHint } = evidence;
  const { folders, length: gap } = difference(thinking(RMT), thinking(RPT));
  const above = overallEstimate(
    paired(runsOf(RMT), runsOf(RPT)).map(([rmt, rpt]) =>
      contrast(thoughtLengths(rmt), thoughtLengths(rpt), PAPER_CLAIM.lengthShare),
    ),
    'claim on length',
  );
  // Less is what is claimed: an interval below 0 contradicts that RMT's are longer.
  const shorter: Record<Verdict['verdict'], Verdict['verdict']> = {
    contradicted: sign(above) === 'contradicted' ? 'holds' : 'partly',
    holds: 'contradicted',
    'not shown': 'not shown',
    partly: 'partly',
  };
  return {
    claim: `RMT's thoughts are ${100 * PAPER_CLAIM.lengthShare} % as long as RPT's, or shorter.`,
    verdict: shorter[sign(gap)],
    evidence: `${length(RMT).toFixed(1)} against ${length(RPT).toFixed(1)} tokens: ${percent(length(RMT) / Math.max(length(RPT), 1e-9))} of RPT's.`,
    hypothesis: `The share follows from the budget at the end (${method(RMT).budget.toFixed(0)} tokens asked for) and from how far RPT's thoughts run; a thought that has to hold its steps cannot get much shorter than they are. ${budgetHint}`,
    experiment:
      'The same runs from a base whose thoughts are several times longer than they need to be, as R1-Distill’s are: length would have further to fall.',
    folders,
  };
}
