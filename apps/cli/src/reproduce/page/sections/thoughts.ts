import { type Html, html } from '../../../report/html.js';
import type { Results, ThoughtEntry } from '../../results/results.js';

const visible = (text: string): string => text.replaceAll('\n', '↵\n');

const card = ({ documentId, position, tier, prefix, target, thoughts }: ThoughtEntry): Html =>
  html`<article class="card">
    <p class="small muted">${documentId}, token ${position} <span class="tag">${tier}</span></p>
    <div class="text">…${visible(prefix)}<mark title="the token to predict">${visible(target)}</mark></div>
    ${thoughts.map(
      ({ label, folder, thought, prediction, length, correct }) => html`<section class="thought">
      <h3><a href="${folder}/report.html">${label}</a> <span class="tag">${length} tokens</span></h3>
      <div class="text muted">${visible(thought) || '(empty)'}</div>
      <div class="text">→ <span class="${correct ? 'good' : 'bad'}">${visible(prediction) || '(nothing)'} ${correct ? '✓' : '✗'}</span></div>
    </section>`,
    )}
  </article>`;

/** The same positions thought about by several methods: every so manyth of the first seed's, none picked. */
export const thoughtsSection = ({ thoughts, seeds }: Results): Html =>
  html`<h2 id="thoughts">Thoughts</h2>
    <p class="muted">Seed ${seeds[0]}, positions at even distances through the test split, none picked by hand.</p>
    <div class="pair">${thoughts.map(card)}</div>`;
