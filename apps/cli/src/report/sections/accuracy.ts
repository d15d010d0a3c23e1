import type { Accuracy } from '@midtrain/core';
import { intervalChart } from '../charts/interval-chart.js';
import { seriesVariable } from '../charts/theme.js';
import type { EvaluationResult, MethodResult } from '../evaluation-data.js';
import { type Html, html, trusted } from '../html.js';
import type { RunData } from '../run-data.js';
import { boundsText } from '../tier-bounds.js';

const TIERS = ['easy', 'medium', 'hard', 'average'] as const;

/** The methods of a run: as its evaluation names them, else those of its summary. */
function methodsOf({ evaluation, summary }: RunData): MethodResult[] {
  if (evaluation?.methods) return [...evaluation.methods];
  const found: readonly (readonly [string, string, EvaluationResult | undefined])[] = [
    ['base', 'base, without reasoning', summary?.base?.withoutReasoning],
    ['base-reasoning', 'base, with reasoning', summary?.base?.withReasoning],
    ['continued', 'continued next-token training', summary?.continued?.withoutReasoning],
    ['rmt', 'RMT, without reasoning', summary?.rmt?.withoutReasoning],
    ['rmt-reasoning', 'RMT, with reasoning', summary?.rmt?.withReasoning],
  ];
  return found.flatMap(([name, label, result]) => (result ? [{ name, label, result }] : []));
}

const percent = (share: number): string => (100 * share).toFixed(1);

const cell = (accuracy: Accuracy): Html =>
  html`<td>${percent(accuracy.accuracy)}<small>${percent(accuracy.low)} – ${percent(accuracy.high)}</small></td>`;

function tiersLine({ evaluation }: RunData): Html | undefined {
  const tiers = evaluation?.tiers;
  if (!tiers) return undefined;
  const parts = tiers.map(
    ({ name, count, ...bounds }) => `${name} ${boundsText(bounds)} nats (${count} positions)`,
  );
  return html`<p class="small muted">Tiers by the base’s entropy: ${parts.join('; ')}.</p>`;
}

/** Accuracy by tier with 95 % intervals, each method of each run. */
export function accuracySection(runs: readonly RunData[]): Html | undefined {
  const methods = runs.flatMap((run) =>
    methodsOf(run).map(({ label, result }) => ({
      label: runs.length > 1 ? `${run.name}: ${label}` : label,
      result,
    })),
  );
  if (methods.length === 0) return undefined;
  const rows = TIERS.flatMap((group) =>
    methods.map(({ result }, colour) => ({ group, accuracy: result[group], colour })),
  );
  const positions = methods[0].result.average.n;
  return html`<h2>Next-token accuracy on held-out text</h2>
    <p class="muted">Percent of ${positions} positions, with 95 % Wilson intervals; length is the mean tokens of reasoning.</p>
    ${runs.map(tiersLine)}
    <div class="stack">
      <div class="card scroll"><table>
        <thead><tr><th>method</th>${TIERS.map((tier) => html`<th>${tier}</th>`)}<th>length</th></tr></thead>
        <tbody>${methods.map(
          ({ label, result }, i) => html`<tr>
          <td><i class="swatch" style="background:var(${trusted(seriesVariable(i))})"></i>${label}</td>
          ${TIERS.map((tier) => cell(result[tier]))}
          <td>${result.meanLength === 0 ? '–' : result.meanLength.toFixed(1)}</td></tr>`,
        )}</tbody>
      </table></div>
      <figure class="card medium">${intervalChart('Accuracy by tier with 95 % intervals', rows)}</figure>
    </div>`;
}
