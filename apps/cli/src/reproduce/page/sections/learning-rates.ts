import { type Html, html } from '../../../report/html.js';
import type { Results } from '../../results/results.js';
import { percent } from '../figures.js';

/** How each method's learning rate was chosen. */
export function learningRatesSection({ learningRates }: Results): Html {
  const rates = [...new Set(learningRates.flatMap(({ tried }) => tried.map(({ peak }) => peak)))].sort(
    (a, b) => a - b,
  );
  return html`<h2 id="rates">How the learning rates were chosen</h2>
    <p class="muted">The same rates for every method, on a base of their own, by accuracy on the validation split: with reasoning for what is trained to think, else without. The chosen one is marked and used for all seeds; none of these runs is among those compared. Below each, the accuracy without and with reasoning and the mean length.</p>
    <div class="card scroll"><table>
    <thead><tr><th>method</th>${rates.map((rate) => html`<th>${rate}</th>`)}</tr></thead>
    <tbody>${learningRates.map(
      ({ label, chosen, tried }) =>
        html`<tr><td>${label}</td>${rates.map((rate) => {
          const one = tried.find(({ peak }) => peak === rate);
          if (one === undefined) return html`<td>–</td>`;
          const { folder, withoutReasoning, withReasoning, meanLength } = one;
          const text = `${percent(withoutReasoning)} · ${percent(withReasoning)} · ${meanLength.toFixed(1)}`;
          return html`<td><a href="${folder}/report.html" title="${folder}">${rate === chosen ? html`<strong>${text} ✓</strong>` : text}</a></td>`;
        })}</tr>`,
    )}</tbody></table></div>`;
}
