import { type Html, html } from '../../../report/html.js';
import type { Difference, Results } from '../../results/results.js';
import { differenceCell, lengthCell, sources } from '../figures.js';
import { ablationsChart, differencesChart } from '../main-charts.js';
import { TIER_COLUMNS } from '../tier-columns.js';

const row = ({ label, accuracy, length, folders }: Difference): Html =>
  html`<tr><td>${label}<details><summary>runs</summary>${sources(folders)}</details></td>${TIER_COLUMNS.map(({ of: tier }) => differenceCell(accuracy[tier]))}${lengthCell(length)}</tr>`;

/** What each of the three components is worth. */
export const ablationsSection = (results: Results): Html =>
  html`<h2 id="components">What each component is worth</h2>
    <p class="muted">RMT less RMT without it, thinking, on the same positions of the same seeds, in points; each with the rate that its own search chose, and once more with RMT’s where that is another. Right of 0 the component helps.</p>
    <figure class="card">${ablationsChart(results)}</figure>`;

/** All paired differences. */
export const differencesSection = (results: Results): Html =>
  html`<h2 id="differences">Paired differences</h2>
    <p class="muted">Points of accuracy, and tokens of length where both think, position by position; coloured where the 95 % interval leaves 0 out. With this many rows one in twenty would be coloured by chance.</p>
    <div class="stack"><figure class="card">${differencesChart(results)}</figure>
    <div class="card scroll"><table>
    <thead><tr><th>difference</th>${TIER_COLUMNS.map(({ heading }) => html`<th>${heading}</th>`)}<th>length</th></tr></thead>
    <tbody>${results.differences.map(row)}</tbody></table></div></div>`;
