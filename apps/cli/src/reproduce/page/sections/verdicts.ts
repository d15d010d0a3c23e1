import { type Html, html } from '../../../report/html.js';
import type { Results, Verdict } from '../../results/results.js';
import { sources } from '../figures.js';

const card = ({ claim, verdict, evidence, hypothesis, experiment, folders }: Verdict): Html =>
  html`<article class="card verdict">
    <div><span class="badge ${verdict.replace(' ', '-')}">${verdict}</span></div>
    <div><h3>${claim}</h3><p>${evidence}</p>
    ${hypothesis !== undefined && html`<p class="muted">Likeliest reason: ${hypothesis}</p>`}
    ${experiment !== undefined && html`<p class="muted">What would decide: ${experiment}</p>`}
    <details><summary>runs</summary>${sources(folders)}</details></div>
  </article>`;

/** What the paper's claims look like here: words chosen by the numbers. */
export const verdictsSection = ({ verdicts }: Results): Html =>
  html`<h2 id="claims">The paper’s claims, at this scale</h2>
    <p class="muted">Each verdict is computed from the intervals: <em>holds</em> where all of the 95 % interval agrees with the whole claim, <em>partly</em> where it agrees with the direction but not the size, or at one of two learning rates alone, <em>contradicted</em> where it lies on the other side, else <em>not shown</em>.</p>
    <div class="verdicts">${verdicts.map(card)}</div>`;
