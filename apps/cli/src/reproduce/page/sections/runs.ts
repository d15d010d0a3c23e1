import { duration } from '../../../progress/progress.js';
import { type Html, html } from '../../../report/html.js';
import type { Results } from '../../results/results.js';
import { short } from '../figures.js';

/** Every run of the plan, with what it set otherwise. */
export const runsSection = ({ runs }: Results): Html =>
  html`<h2 id="runs">All runs</h2>
    <p class="muted">Each folder has its configuration, its metrics step by step, samples of its rollouts, its model, its outcomes position by position (<code>evaluation.json</code>) and a page of its own.</p>
    <details class="card"><summary>${runs.length} runs</summary><div class="scroll"><table>
    <thead><tr><th>run</th><th>part</th><th>steps</th><th>rate</th><th>tokens</th><th>FLOPs</th><th>time</th><th>set otherwise</th></tr></thead>
    <tbody>${runs.map(
      ({ id, folder, part, steps, learningRate, tokens, flops, seconds, overrides }) =>
        html`<tr><td><a href="${folder}/report.html">${id}</a></td><td>${part}</td><td>${steps}</td><td>${learningRate ?? '–'}</td><td>${short(tokens)}</td><td>${flops === null ? '–' : short(flops)}</td><td>${duration(seconds)}</td><td class="overrides">${overrides.join(' ')}</td></tr>`,
    )}</tbody></table></div></details>`;

/** The paper’s value, where this is another. */
const unlike = <T>(value: T, paper: T): string => (value === paper ? '' : ` (the paper: ${paper})`);

/** How the numbers came about, and where this is not what the paper did. */
export const howSection = ({
  study,
  seeds,
  record,
  parameters,
  defaults,
  thoughtLimit,
  maxThoughtTokens,
}: Results): Html =>
  html`<h2 id="how">How it was done</h2>
    <ul>
    <li>Each seed trains its own base of ${short(parameters)} parameters; all methods go on from it with the same documents in the same order, the same number of steps, positions and branches. “Same FLOPs” instead takes as many next-token steps as cost what RMT’s run did.</li>
    <li>“Without the budget” and RPT keep the number in the prompt at B₀ and give it no weight in the reward, so that it says nothing. RPT has its own byte-prefix reward and entropy filter and no next-token loss; its dynamic sampling, which begins after half of its steps, is left out.</li>
    <li>Greedy predictions. A method is asked for the budget it had at its last step, the base and next-token training for the first; adaptive budgets go by the quantile of the base’s entropy.</li>
    <li>Intervals: a hierarchical bootstrap, seeds drawn with replacement and documents, the same for all seeds, 1,000 times; the spread of ${seeds.length} seeds is corrected for their number (Student’s quantile). Differences are paired position by position.</li>
    <li>Learning rates are searched on bases and on documents that no table uses. The least budgets, the settings tried one at a time and post-training search none: the first two take RMT’s.</li>
    <li>A thought is cut off in training at ${thoughtLimit} times its budget and then earns nothing, its match neither (in the paper only its length does, beyond twice the budget): with the budget, thoughts get shorter by this as well as by the length’s reward; without it, and in RPT, they may have ${maxThoughtTokens} tokens to the end. In evaluations all may.</li>
    <li>Mid-training and next-token training read documents ${study.freshDocuments ? 'that the base has not read' : 'that the base, in part, has read before'}.</li>
    <li>RMT here: B₀ ${defaults.initialTokens}, γ ${defaults.decay}${unlike(defaults.decay, 0.2)}, B_min ${defaults.minTokens}${unlike(defaults.minTokens, 1)}, w ${defaults.lengthWeight} ${defaults.lengthOnlyIfMatched ? 'where the match holds (the paper: always)' : 'always'}, λ ${defaults.lambda}${unlike(defaults.lambda, 0.1)}, G ${defaults.groupSize}${unlike(defaults.groupSize, 8)}, t₁ and t₂ at ${defaults.start}${unlike(defaults.start, 0.3)} and ${defaults.end}${unlike(defaults.end, 0.7)} of the run, tiers above ${defaults.thresholds.join(', ')} nats, the policy loss ${defaults.loss}${unlike(defaults.loss, 'grpo')}, advantages ${defaults.advantageScale === 'none' ? 'centred and not divided (the paper divides by the group’s deviation)' : `divided by the ${defaults.advantageScale}’s deviation`}.</li>
    <li>Not as in the paper: the size, the corpus, own values wherever it publishes none (w, the tiers, p₁, p₂), budgets to fit short thoughts, no KL term.</li>
    ${record !== null && html`<li>midtrain ${record.version}, node ${record.node}, ${record.backend.name} ${record.backend.version}, ${record.backend.threads} threads, ${record.machine}.</li>`}
    </ul>`;
