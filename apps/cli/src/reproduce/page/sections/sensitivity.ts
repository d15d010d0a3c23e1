import { type Html, html } from '../../../report/html.js';
import type { Results, SensitivityEntry } from '../../results/results.js';
import { cell, differenceCell, lengthCell, percent, sources } from '../figures.js';
import { sensitivityChart } from '../main-charts.js';

function row(entry: SensitivityEntry): Html {
  const {
    parameter,
    value,
    usual,
    folders,
    withReasoning,
    withoutReasoning,
    meanLength,
    sampledShare,
    difference,
  } = entry;
  return html`<tr><td>${parameter} = ${value}<br><small class="muted">else ${usual}</small> ${sources(folders)}</td>${cell(withoutReasoning.average)}${cell(withReasoning.average)}${cell(withReasoning.hard)}${differenceCell(difference.accuracy.average)}${differenceCell(difference.accuracy.hard)}${cell(meanLength, (length) => length.toFixed(1))}${lengthCell(difference.length)}<td>${sampledShare === null ? '–' : percent(sampledShare)}</td></tr>`;
}

/** One value at a time set otherwise. */
export function sensitivitySection(results: Results): Html | undefined {
  const { sensitivity } = results;
  const [first] = sensitivity;
  if (first === undefined) return undefined;
  const seeds = first.folders.length;
  return html`<h2 id="sensitivity">How much the settings matter</h2>
    <p class="muted">RMT with one value set otherwise, on ${seeds} seed${seeds > 1 && 's'}, and less RMT as it is on the same; all else equal, the learning rate too. The last column is the share of tokens learnt from that reinforcement sampled.</p>
    <div class="stack"><figure class="card">${sensitivityChart(results)}</figure>
    <div class="card scroll"><table>
    <thead><tr><th>setting</th><th>no thought</th><th>thinking</th><th>hard</th><th>less RMT</th><th>hard</th><th>length</th><th>less RMT</th><th>to RL, %</th></tr></thead>
    <tbody>${sensitivity.map(row)}</tbody></table></div></div>`;
}
