import { type Html, html } from '../../../report/html.js';
import type { Results } from '../../results/results.js';
import { percent, sources } from '../figures.js';

const points = (share: number): string => (100 * share).toFixed(1);

/** How each method's learning rate was chosen. */
export function learningRatesSection({ learningRates }: Results): Html {
  const rates = [...new Set(learningRates.flatMap(({ tried }) => tried.map(({ peak }) => peak)))].sort(
    (a, b) => a - b,
  );
  const bases = Math.max(
    0,
    ...learningRates.flatMap(({ tried }) => tried.map(({ folders }) => folders.length)),
  );
  const [lowest, highest] = [rates[0], rates[rates.length - 1]];
  const end = (rate: number) =>
    rates.length < 2 ? '' : rate === lowest ? ' ⇤' : rate === highest ? ' ⇥' : '';
  // The standard error of a share near 80 %, two of which differ by √2 as much; positions asked alike make it less.
  const margin = 0.4 * Math.sqrt(2 / Math.max(1, ...learningRates.map(({ positions }) => positions)));
  return html`<h2 id="rates">How the learning rates were chosen</h2>
    <p class="muted">The same rates for every method, on ${bases === 1 ? 'a base of its own' : `${bases} bases of their own`}, by accuracy on the validation split: with reasoning for what is trained to think, else without. The chosen one is marked and used for all seeds; none of these runs is among those compared. Each cell has the accuracy without and with reasoning and the mean length, and the runs by seed. The last column says how far the chosen rate is ahead of the next best; less than about ${points(margin)} may be chance, and a rate at an end of the row (⇤ ⇥) may not be the best there is.</p>
    <div class="card scroll"><table>
    <thead><tr><th>method</th>${rates.map((rate) => html`<th>${rate}</th>`)}<th>ahead by, points</th></tr></thead>
    <tbody>${learningRates.map(
      ({ label, chosen, tried, ahead }) =>
        html`<tr><td>${label}</td>${rates.map((rate) => {
          const one = tried.find(({ peak }) => peak === rate);
          if (one === undefined) return html`<td>–</td>`;
          const { folders, withoutReasoning, withReasoning, meanLength } = one;
          const text = `${percent(withoutReasoning)} · ${percent(withReasoning)} · ${meanLength.toFixed(1)}`;
          return html`<td>${rate === chosen ? html`<strong>${text} ✓${end(rate)}</strong>` : text}<br>${sources(folders)}</td>`;
        })}<td>${ahead === null ? '–' : points(ahead)}</td></tr>`,
    )}</tbody></table></div>`;
}
