import { type Html, html } from '../../../report/html.js';
import type { Results } from '../../results/results.js';
import { cell, percent, sources } from '../figures.js';

/** Entropy's tiers beside the truth, where the corpus has an answer key. */
export function truthSection({ truth }: Results): Html | undefined {
  const [first] = truth;
  if (first === undefined) return undefined;
  const shown = first.accuracy;
  return html`<h2 id="truth">By the steps that a token really takes</h2>
    <p class="muted">The corpus has an answer key: the definitions that have to be looked up, one after the other, to know a token. 0 are tokens that take none. Their share of all held-out tokens in percent, by the easy, medium and hard tier that the base’s entropy puts them into, the mean of that entropy in nats, and the percent right without and with a thought. Positions are drawn alike from each tier; here each counts for the tokens that it stands for.</p>
    <div class="card scroll narrow"><table>
    <thead><tr><th>lookups</th><th>positions asked</th><th>share of tokens</th><th>by tier</th><th>entropy</th>${shown.map(({ label, folders }) => html`<th>${label}<br>${sources(folders)}</th><th>thinking</th>`)}<th>length<br>${shown.map(({ label }) => label).join(' / ')}</th></tr></thead>
    <tbody>${truth.map(
      ({ hops, positions, share, tiers, meanEntropy, accuracy }) =>
        html`<tr><td>${hops}</td><td>${positions}</td><td>${percent(share)}</td><td>${tiers.map(percent).join(' / ')}</td><td>${meanEntropy.toFixed(2)}</td>${accuracy.map(
          ({ withoutReasoning, withReasoning }) => html`${cell(withoutReasoning)}${cell(withReasoning)}`,
        )}<td>${accuracy.map(({ meanLength }) => meanLength.value.toFixed(1)).join(' / ')}</td></tr>`,
    )}</tbody></table></div>`;
}
