import { BASE, RMT, RPT } from '../../methods.js';
import { PAPER_CLAIM } from '../../paper.js';
import type { Estimate } from '../../statistics/hierarchical-bootstrap.js';
import { paired } from '../difference-entry.js';
import type { FinishedRun } from '../finished-run.js';
import {
  contrast,
  correctness,
  type SeedValues,
  TIERS,
  thoughtLengths,
  tokensMean,
} from '../outcome-values.js';
import type { Verdict } from '../results.js';
import { change, type Evidence, percent, points, sign, thinking } from './evidence.js';

/** RMT less so many times RPT, on the tokens that RPT trains on. */
const beside = (
  { runsOf, filteredTiers }: Evidence,
  of: (run: FinishedRun) => SeedValues,
  factor: number,
  stream: string,
): Estimate | null =>
  tokensMean(
    paired(runsOf(RMT), runsOf(RPT)).map(([rmt, rpt]) => contrast(of(rmt), of(rpt), factor)),
    stream,
    filteredTiers,
  );

/** A method's mean on those tokens. */
const mean = ({ runsOf, filteredTiers }: Evidence, method: string, of: (run: FinishedRun) => SeedValues) =>
  tokensMean(runsOf(method).map(of), `claims ${method}`, filteredTiers)?.value ?? 0;

const right = (run: FinishedRun): SeedValues => correctness(run, true);

/** Where the filter leaves tiers out: where the claims are decided. */
const where = ({ filteredTiers }: Evidence): string =>
  filteredTiers.length < TIERS.length ? ', on the tokens that RPT’s filter keeps' : '';

/** Better than RPT at all. */
export function claimOnAccuracy(evidence: Evidence): Verdict {
  const { difference, settingHint } = evidence;
  const { folders, accuracy: overall } = difference(thinking(RMT), thinking(RPT));
  const gap = beside(evidence, right, 1, 'claim on accuracy, difference');
  const [rmt, rpt] = [RMT, RPT].map((method) => mean(evidence, method, right));
  const relatively = rpt > 0 ? `, ${points(rmt / rpt - 1)} % relative` : '';
  return {
    claim: 'RMT predicts the next token better than RPT.',
    verdict: sign(gap),
    evidence: `${percent(rmt)} against ${percent(rpt)}, thinking${where(evidence)}: ${change(gap)}${relatively}. In the mean of the tiers ${change(overall.average)}, over all tokens ${change(overall.tokens)}.`,
    hypothesis: `RMT gains where RPT's thoughts go wrong by their length; here RPT thinks for ${mean(evidence, RPT, thoughtLengths).toFixed(1)} tokens and is right on ${percent(rpt)}. ${settingHint}`,
    experiment:
      'A base that overthinks more (longer and more wrong attempts in its cold start), all else the same: the gap should grow with the share of thoughts that end wrong or unended.',
    folders,
  };
}

/** By as much as the paper says of its best: RMT's accuracy less 1.6 times RPT's is above 0. */
export function claimOnSize(evidence: Evidence): Verdict {
  const { folders } = evidence.difference(thinking(RMT), thinking(RPT));
  const { relativeGain, sameBaseGain } = PAPER_CLAIM;
  const factor = 1 + relativeGain;
  const beyond = beside(evidence, right, factor, 'claim on accuracy');
  const [rmt, rpt] = [RMT, RPT].map((method) => mean(evidence, method, right));
  const possible = factor * rpt <= 1;
  return {
    claim: `RMT's accuracy is ${100 * relativeGain} % or more above RPT's, relative.`,
    verdict: sign(beyond),
    evidence: `${percent(rmt)} against ${percent(rpt)}, thinking${where(evidence)}; RMT's less ${factor} times RPT's: ${change(beyond)}. In the paper ${100 * relativeGain} % and more are of another base; on the base of its ablations it is ${percent(sameBaseGain)}.`,
    hypothesis: possible
      ? `A gain of that size needs a baseline that loses most of its accuracy to long thoughts; RPT is right on ${percent(rpt)} here.`
      : `No method could: RPT is right on ${percent(rpt)}, and ${factor} times that is more than all.`,
    experiment:
      'The same where RPT is right on fewer than six tokens in ten and its base thinks many times longer than it has to, as in the paper.',
    folders,
  };
}

/** With thoughts as short beside RPT's as the paper says: RMT's length less 0.21 times RPT's is below 0. */
export function claimOnLength(evidence: Evidence): Verdict {
  const { method, length, difference, budgetHint } = evidence;
  const { folders } = difference(thinking(RMT), thinking(RPT));
  const gap = beside(evidence, thoughtLengths, 1, 'claim on length, difference');
  const above = beside(evidence, thoughtLengths, PAPER_CLAIM.lengthShare, 'claim on length');
  const [rmt, rpt] = [RMT, RPT].map((id) => mean(evidence, id, thoughtLengths));
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
    evidence: `${rmt.toFixed(1)} against ${rpt.toFixed(1)} tokens${where(evidence)}: ${percent(rmt / Math.max(rpt, 1e-9))} of RPT's.`,
    hypothesis:
      rpt < rmt
        ? `RPT’s thoughts got short by themselves, from the base’s ${length(BASE).toFixed(1)} tokens: its reward is a match alone, and here short thoughts match as often. The length’s reward is highest at the budget itself and does not let RMT’s follow. ${budgetHint}`
        : `The share follows from the budget at the end (${method(RMT).budget.toFixed(0)} tokens asked for) and from how far RPT's thoughts run; a thought that has to hold its steps cannot get much shorter than they are. ${budgetHint}`,
    experiment:
      'The same runs from a base whose thoughts are several times longer than they need to be, as R1-Distill’s are: length would have further to fall.',
    folders,
  };
}
