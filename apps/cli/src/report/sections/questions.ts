import type { Accuracy, QuestionAccuracy } from '@midtrain/core';
import type { AnswerSample } from '../../run/answer-samples.js';
import { type Html, html } from '../html.js';
import type { RunData } from '../run-data.js';

/** Questions of a run's first and of its last step that are shown, and completions of each. */
const SAMPLES = 2;
const COMPLETIONS = 3;

const percent = (share: number): string => (100 * share).toFixed(1);
const cell = ({ accuracy, low, high }: Accuracy): Html =>
  html`<td>${percent(accuracy)}<small>${percent(low)} – ${percent(high)}</small></td>`;

const row = (name: string, { accuracy, format, meanLength, clippedRatio }: QuestionAccuracy): Html =>
  html`<tr><td>${name}</td>${cell(accuracy)}${cell(format)}<td>${meanLength.toFixed(1)}</td><td>${percent(clippedRatio)}</td></tr>`;

const answerCard = ({ step, questionId, prompt, gold, completions }: AnswerSample): Html =>
  html`<article class="card">
    <p class="small muted">step ${step}, question ${questionId}</p>
    <div class="text">${prompt}</div>
    ${completions.slice(0, COMPLETIONS).map(
      ({ text, length, reward, accuracy }) => html`<section class="thought">
      <h3>Reward ${reward.toFixed(2)} <span class="tag">${length} tokens</span> <span class="${accuracy >= 1 ? 'good' : 'bad'}">${accuracy >= 1 ? '✓' : '✗'}</span></h3>
      <div class="text muted">${text || '(empty)'}</div>
    </section>`,
    )}
    <p class="small muted">Gold: ${gold}</p>
  </article>`;

function sampled(answers: readonly AnswerSample[]): readonly AnswerSample[] {
  const first = answers[0].step;
  const last = answers[answers.length - 1].step;
  const of = (wanted: number) => answers.filter(({ step }) => step === wanted).slice(0, SAMPLES);
  return first === last ? of(first) : [...of(first), ...of(last)];
}

/** Held-out questions before and after post-training, and sampled answers. */
export function questionsSection({ name, summary, answers }: RunData, several: boolean): Html | undefined {
  const of = several ? `: ${name}` : '';
  const { before, after } = summary ?? {};
  if (answers.length === 0 && !before) return undefined;
  return html`${
    before &&
    after &&
    html`<h2>Held-out questions before and after${of}</h2>
    <div class="scroll"><table>
    <tr><th>of ${before.accuracy.n} questions, %</th><th>right</th><th>in the form</th><th>tokens</th><th>cut off</th></tr>
    ${row('before', before)}${row('after', after)}
    </table></div>`
  }
  ${answers.length > 0 && html`<h2>Sampled answers${of}</h2><div class="pair">${sampled(answers).map(answerCard)}</div>`}`;
}
