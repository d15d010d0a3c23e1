import { type Html, html } from '../../../report/html.js';
import { boundsText } from '../../../report/tier-bounds.js';
import { PAPER_METHODS, type PaperRow } from '../../paper.js';
import type { MethodEntry, Results, TierEstimates } from '../../results/results.js';
import { cell, percent, short, sources } from '../figures.js';
import { frontierFigure } from '../main-charts.js';
import { TIER_COLUMNS } from '../tier-columns.js';

const decimal = (value: number): string => value.toFixed(1);

const beside = (value: number | undefined, digits = 1): Html =>
  html`<small class="paper">${value === undefined ? '' : value.toFixed(digits)}</small>`;

const tierCells = (tiers: TierEstimates, paper: PaperRow | undefined): Html[] =>
  TIER_COLUMNS.map(({ of: tier }) =>
    cell(tiers[tier], percent, paper && tier !== 'tokens' ? beside(paper[tier]) : undefined),
  );

function rows({
  id,
  label,
  folders,
  withoutReasoning,
  withReasoning,
  meanLength,
  wellFormed,
  budget,
}: MethodEntry): Html {
  const paper = PAPER_METHODS[id];
  return html`<tr class="plain"><td>${label}<br>${sources(folders)}</td>
      ${tierCells(withoutReasoning, paper?.withoutReasoning)}<td>–</td><td>–</td><td>–</td></tr>
    <tr class="thinking"><td class="muted">thinking</td>
      ${tierCells(withReasoning, paper?.withReasoning)}
      ${cell(meanLength, decimal, paper?.withReasoning?.length === undefined ? undefined : beside(paper.withReasoning.length, 0))}
      <td>${decimal(budget)}</td>${cell(wellFormed)}</tr>`;
}

const tiersLine = ({ study, positions, seeds, maxThoughtTokens }: Results): Html =>
  html`<p class="muted">Percent of ${positions} held-out positions over ${seeds.length} seeds, with 95 % intervals. A seed is a base of its own, trained from scratch, and what was made of it; the base’s entropy puts each position in its tier (${study.tiers.map((tier, i) => `${i > 0 ? '; ' : ''}${tier.name} ${boundsText(tier)}`)} nats), whichever method is asked. As many positions are asked about in each tier; “all tokens” weighs them by how many tokens their tier really has. Length is in tokens; asked is what the prompt asked for; all thoughts are cut off at ${maxThoughtTokens} tokens and then count as wrong. <em class="paper">In italics the paper’s numbers</em>: 14 billion parameters, OmniMATH, thoughts of hundreds of tokens; the order of methods is what can be compared.</p>`;

/** The main table. */
export const methodsSection = (results: Results): Html =>
  html`<h2 id="methods">Next-token accuracy by method</h2>${tiersLine(results)}
    <div class="card scroll"><table>
    <thead><tr><th>method, runs by seed</th>${TIER_COLUMNS.map(({ heading }) => html`<th>${heading}</th>`)}<th>length</th><th>asked</th><th>well-formed</th></tr></thead>
    <tbody>${results.methods.map(rows)}</tbody></table></div>`;

/** Length against accuracy. */
export const frontierSection = (results: Results): Html =>
  html`<h2 id="frontier">Accuracy against the length of thoughts</h2>
    <p class="muted">Each method, thinking, with 95 % intervals both ways: the higher and the farther left, the better. The dashed line needs no thought at all.</p>
    <figure class="card">${frontierFigure(results)}</figure>`;

/** What the methods cost, and where their tokens went. */
export const costSection = ({ methods }: Results): Html =>
  html`<h2 id="cost">What each method costs</h2>
    <p class="muted">Of one run, on average. Tokens are all that went through the model: read, sampled, and forward and backward. FLOPs are two a weight and token forwards and four backwards, attention’s scores left out. The last column is the share of sampled tokens, which reinforcement learns from, among all that are learnt from; the rest are the documents’, which the next-token loss learns from where it is on.</p>
    <div class="card scroll"><table>
    <thead><tr><th>method</th><th>learning rate</th><th>steps</th><th>tokens</th><th>FLOPs</th><th>seconds</th><th>to reinforcement, %</th></tr></thead>
    <tbody>${methods.map(
      ({ label, folders, learningRate, steps, tokens, flops, seconds, sampledShare, kind }) =>
        html`<tr><td>${label}${kind === 'none' && ' (its pre-training)'}<br>${sources(folders)}</td><td>${learningRate ?? '–'}</td><td>${steps}</td><td>${short(tokens)}</td><td>${short(flops)}</td><td>${seconds.toFixed(0)}</td><td>${sampledShare === null ? '–' : percent(sampledShare)}</td></tr>`,
    )}</tbody></table></div>`;
