import { ADAPTIVE, RMT } from '../../methods.js';
import type { Estimate } from '../../statistics/hierarchical-bootstrap.js';
import type { FinishedRun } from '../finished-run.js';
import type {
  Difference,
  MethodEntry,
  PostTrainingEntry,
  SensitivityEntry,
  Side,
  Verdict,
} from '../results.js';

/** What verdicts are reached from. */
export interface Findings {
  readonly methods: readonly MethodEntry[];
  readonly differences: readonly Difference[];
  readonly postTraining: readonly PostTrainingEntry[];
  readonly sensitivity: readonly SensitivityEntry[];
  readonly runsOf: (method: string) => readonly FinishedRun[];
  /** Tiers of which RPT's filter keeps tokens; on others it never trains. */
  readonly filteredTiers: readonly number[];
}

/** Findings, with what verdicts ask of them. */
export interface Evidence extends Findings {
  method(id: string): MethodEntry;
  /** Accuracy with reasoning, the mean of the tiers, 0..1, and mean tokens of a thought. */
  accuracy(id: string): number;
  length(id: string): number;
  difference(first: Side, second: Side): Difference;
  /** How the best of the other budgets did, and of the settings tried one at a time; empty where none was tried. */
  readonly budgetHint: string;
  readonly settingHint: string;
}

export const thinking = (method: string): Side => ({ method, thinking: true });
export const atOnce = (method: string): Side => ({ method, thinking: false });

export const points = (share: number): string =>
  `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`;
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A difference in points with its interval; a dash where there is none. */
export const change = (estimate: Estimate | null): string =>
  estimate === null
    ? '–'
    : `${points(estimate.value)} points (${points(estimate.low)} to ${points(estimate.high)})`;

const STRENGTH: readonly Verdict['verdict'][] = ['contradicted', 'not shown', 'partly', 'holds'];

/** The weaker of two verdicts. */
export const weaker = (one: Verdict['verdict'], other: Verdict['verdict']): Verdict['verdict'] =>
  STRENGTH[Math.min(STRENGTH.indexOf(one), STRENGTH.indexOf(other))];

/** Where an interval lies of 0. */
export function sign(estimate: Estimate | null): Verdict['verdict'] {
  if (estimate === null) return 'not shown';
  if (estimate.low > 0) return 'holds';
  return estimate.high < 0 ? 'contradicted' : 'not shown';
}

const same = (one: Side, other: Side): boolean =>
  one.method === other.method && one.thinking === other.thinking;

const best = <T>(items: readonly T[], of: (item: T) => number): T | undefined =>
  [...items].sort((a, b) => of(b) - of(a))[0];

export function evidenceOf(findings: Findings): Evidence {
  const method = (id: string) => findings.methods.find((entry) => entry.id === id) as MethodEntry;
  const accuracy = (id: string) => method(id).withReasoning.average?.value ?? 0;
  const length = (id: string) => method(id).meanLength?.value ?? 0;
  const budget = best(
    findings.methods.filter(({ id }) => id === ADAPTIVE || id.startsWith('rmt-min-')),
    ({ id }) => accuracy(id),
  );
  const { sensitivity } = findings;
  const setting = best(
    sensitivity.filter(({ difference }) => sign(difference.accuracy.average) === 'holds'),
    ({ difference }) => difference.accuracy.average?.value ?? 0,
  );
  const none =
    sensitivity.length === 0
      ? ''
      : `None of the ${sensitivity.length} settings tried one at a time is shown to do better.`;
  return {
    ...findings,
    method,
    accuracy,
    length,
    difference: (first, second) =>
      findings.differences.find((one) => same(one.first, first) && same(one.second, second)) as Difference,
    budgetHint: budget
      ? `The best of the other budgets, ${budget.label}, reaches ${percent(accuracy(budget.id))} at ${length(budget.id).toFixed(1)} tokens against ${percent(accuracy(RMT))} at ${length(RMT).toFixed(1)}.`
      : '',
    settingHint: setting
      ? `Of the settings tried one at a time, ${setting.parameter} = ${setting.value} did best: ${change(setting.difference.accuracy.average)} against the default.`
      : none,
  };
}
