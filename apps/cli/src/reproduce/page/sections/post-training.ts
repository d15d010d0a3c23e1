import { type Html, html } from '../../../report/html.js';
import { PAPER_POST_TRAINING } from '../../paper.js';
import type { Results } from '../../results/results.js';
import { cell, differenceCell, sources } from '../figures.js';

/** The paper's second table: each result post-trained alike. */
export function postTrainingSection({ postTraining }: Results): Html | undefined {
  const [first] = postTraining;
  if (first === undefined) return undefined;
  return html`<h2 id="post-training">After post-training</h2>
    <p class="muted">Each result post-trained the same way, by GRPO on the corpus’s questions with the checker of answers as its reward; percent of ${first.questions} held-out questions a seed that were answered right, greedily. <em class="paper">In italics the paper’s</em>, on Skywork’s questions.</p>
    <div class="card scroll"><table>
    <thead><tr><th>post-trained from</th><th>before</th><th>after</th><th>gain</th><th>after, less the base’s</th><th>tokens of an answer</th><th class="paper">paper</th></tr></thead>
    <tbody>${postTraining.map(
      ({ method, label, folders, before, after, gain, overBase, lengthBefore, lengthAfter }) => {
        const paper = PAPER_POST_TRAINING[method];
        return html`<tr><td>${label}<br>${sources(folders)}</td>${cell(before)}${cell(after)}${differenceCell(gain)}${differenceCell(overBase)}<td>${lengthBefore.toFixed(1)} → ${lengthAfter.toFixed(1)}</td><td class="paper">${paper ? `${paper[0]} → ${paper[1]}` : ''}</td></tr>`;
      },
    )}</tbody></table></div>`;
}
