import { seriesVariable } from '../../../report/charts/theme.js';
import { type Html, html, trusted } from '../../../report/html.js';
import { ABLATIONS, NO_BUDGET, NO_CURRICULUM, NO_NEXT_TOKEN, RMT } from '../../methods.js';
import type { Difference, Results } from '../../results/results.js';
import { forestChart } from '../charts/forest-chart.js';
import { differenceCell, lengthCell, sources } from '../figures.js';

const TIERS = ['easy', 'medium', 'hard', 'average'] as const;

export const forestLegend: Html = html`<ul class="legend"><li><i style="background:${trusted(`var(${seriesVariable(0)})`)}"></i>mean of the tiers</li><li><i style="background:${trusted(`var(${seriesVariable(4)})`)}"></i>hard tokens</li></ul>`;

const row = ({ label, accuracy, length, folders }: Difference): Html =>
  html`<tr><td>${label}<details><summary>runs</summary>${sources(folders)}</details></td>${TIERS.map((tier) => differenceCell(accuracy[tier]))}${lengthCell(length)}</tr>`;

const forest = (
  differences: readonly Difference[],
  label: string,
  name = (difference: Difference): string => difference.label,
): Html =>
  html`<figure class="card">${forestLegend}${forestChart(
    differences.map(({ accuracy, ...difference }) => ({
      label: name({ accuracy, ...difference }),
      average: accuracy.average,
      hard: accuracy.hard,
    })),
    label,
  )}</figure>`;

const COMPONENTS: Readonly<Record<string, string>> = {
  [NO_BUDGET]: 'token budget',
  [NO_CURRICULUM]: 'curriculum',
  [NO_NEXT_TOKEN]: 'next-token loss',
};

const isAblation = ({ first, second }: Difference): boolean =>
  first.method === RMT && (ABLATIONS as readonly string[]).includes(second.method) && first.thinking;

/** What each of the three components is worth. */
export function ablationsSection({ differences }: Results): Html {
  return html`<h2 id="components">What each component is worth</h2>
    <p class="muted">RMT less RMT without it, thinking, on the same positions of the same seeds, in points. Right of 0 the component helps.</p>
    ${forest(differences.filter(isAblation), 'Worth of the components', ({ second }) => COMPONENTS[second.method])}`;
}

/** All paired differences. */
export const differencesSection = ({ differences }: Results): Html =>
  html`<h2 id="differences">Paired differences</h2>
    <p class="muted">Points of accuracy, and tokens of length where both think, position by position; coloured where the 95 % interval leaves 0 out. With this many rows one in twenty would be coloured by chance.</p>
    <div class="stack">${forest(
      differences.filter((difference) => !isAblation(difference)),
      'Paired differences',
    )}
    <div class="card scroll"><table>
    <thead><tr><th>difference</th>${TIERS.map((tier) => html`<th>${tier}</th>`)}<th>length</th></tr></thead>
    <tbody>${differences.map(row)}</tbody></table></div></div>`;
