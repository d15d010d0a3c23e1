import type { RolloutSample } from '../../run/rollout-samples.js';
import type { ThoughtOutcome, ThoughtPair } from '../evaluation-data.js';
import { type Html, html } from '../html.js';
import type { RunData } from '../run-data.js';

/** Samples of a run's first and of its last steps that are shown. */
const SAMPLES = 4;
const BRANCHES = 3;

const visible = (text: string): string => text.replaceAll('\n', '↵\n');
const prefixOf = (prefix: string, target: string): Html =>
  html`<div class="text">…${visible(prefix)}<mark title="the token to predict">${visible(target)}</mark></div>`;

function outcome(title: string, { thought, prediction, length, correct }: ThoughtOutcome): Html {
  return html`<section class="thought">
    <h3>${title} <span class="tag">${length} tokens</span></h3>
    <div class="text muted">${visible(thought) || '(empty)'}</div>
    <div class="text">→ <span class="${correct ? 'good' : 'bad'}">${visible(prediction) || '(nothing)'} ${correct ? '✓' : '✗'}</span></div>
  </section>`;
}

const pairCard = ({ documentId, position, tier, prefix, target, before, after }: ThoughtPair): Html =>
  html`<article class="card">
    <p class="small muted">${documentId}, token ${position} <span class="tag">${tier}</span></p>
    ${prefixOf(prefix, target)}
    ${outcome('Before', before)}${outcome('After', after)}
  </article>`;

const sampleCard = ({
  step,
  documentId,
  position,
  tier,
  budget,
  prefix,
  target,
  branches,
}: RolloutSample): Html =>
  html`<article class="card">
    <p class="small muted">step ${step}, ${documentId}, token ${position} <span class="tag">${tier}</span> <span class="tag">budget ${budget}</span></p>
    ${prefixOf(prefix, target)}
    ${branches.slice(0, BRANCHES).map(({ thought, prediction, length, reward }, i) =>
      outcome(`Branch ${i + 1}, reward ${reward.toFixed(2)}`, {
        thought,
        prediction,
        length,
        correct: prediction === target,
      }),
    )}
  </article>`;

/** Thoughts before and after at the same positions; else a run's first and last samples. */
export function thoughtsSection(run: RunData, several: boolean): Html | undefined {
  const of = several ? `: ${run.name}` : '';
  const pairs = run.evaluation?.thoughts ?? [];
  if (pairs.length > 0) {
    return html`<h2>Thoughts before and after${of}</h2><div class="pair">${pairs.map(pairCard)}</div>`;
  }
  if (run.samples.length === 0) return undefined;
  const last = run.samples[run.samples.length - 1].step;
  const lastSamples = run.samples.filter(({ step }) => step === last).slice(0, SAMPLES);
  const first = run.samples[0].step;
  const firstSamples =
    first === last ? [] : run.samples.filter(({ step }) => step === first).slice(0, SAMPLES);
  return html`<h2>Sampled thoughts${of}</h2>
    <div class="pair">${[...firstSamples, ...lastSamples].map(sampleCard)}</div>`;
}
