import { type Html, html } from '../../../report/html.js';
import type { Results } from '../../results/results.js';
import { cell, sources } from '../figures.js';

/** Entropy's tiers beside the truth, where the corpus has an answer key. */
export function truthSection({ truth }: Results): Html | undefined {
  const [first] = truth;
  if (first === undefined) return undefined;
  const shown = first.accuracy;
  return html`<h2 id="truth">By the steps that a token really takes</h2>
    <p class="muted">The corpus has an answer key: the definitions that have to be looked up, one after the other, to know a token. 0 are tokens that take none. Percent right, without → with a thought.</p>
    <div class="card scroll"><table>
    <thead><tr><th>lookups</th><th>positions</th><th>easy / medium / hard</th><th>base’s entropy</th>${shown.map(({ label, folders }) => html`<th>${label}<br>${sources(folders)}</th><th>thinking</th><th>length</th>`)}</tr></thead>
    <tbody>${truth.map(
      ({ hops, positions, tiers, meanEntropy, accuracy }) =>
        html`<tr><td>${hops}</td><td>${positions}</td><td>${tiers.join(' / ')}</td><td>${meanEntropy.toFixed(2)}</td>${accuracy.map(
          ({ withoutReasoning, withReasoning, meanLength }) =>
            html`${cell(withoutReasoning)}${cell(withReasoning)}${cell(meanLength, (value) => value.toFixed(1))}`,
        )}</tr>`,
    )}</tbody></table></div>`;
}
