import { duration } from '../../progress/progress.js';
import { type Html, html } from '../html.js';
import type { RunData } from '../run-data.js';

const at = (config: RunData['config'], path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], config);

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Fields of the configuration that a reader asks for first. */
const FIELDS: readonly (readonly [label: string, path: string])[] = [
  ['base model', 'model'],
  ['corpus', 'corpus.files'],
  ['seed', 'seed'],
  ['documents a step', 'batch.documents'],
  ['positions a step', 'batch.positions'],
  ['questions', 'questions.files'],
  ['questions a step', 'batch.questions'],
  ['branches a position or question', 'batch.groupSize'],
  ['budget', 'budget'],
  ['curriculum', 'curriculum.use'],
  ['policy loss', 'loss'],
  ['learning rate', 'optimiser.learningRate'],
];

function facts({
  config,
  record,
  steps,
  pretraining,
  postTraining,
  summary,
}: RunData): (readonly [string, string])[] {
  const done: (readonly [string, string])[] = [];
  if (steps.length > 0)
    done.push(['steps done', `${steps.length} of ${shown(at(config, 'steps') ?? steps.length)}`]);
  if (pretraining.length > 0) done.push(['next-token steps', String(pretraining.length)]);
  if (postTraining.length > 0)
    done.push([
      'steps done',
      `${postTraining.length} of ${shown(at(config, 'steps') ?? postTraining.length)}`,
    ]);
  const seconds = Object.entries(summary?.seconds ?? {}).map(
    ([phase, value]) => `${phase} ${duration(value)}`,
  );
  if (seconds.length > 0) done.push(['time', seconds.join(', ')]);
  for (const [label, path] of FIELDS) {
    const value = at(config, path);
    if (value !== undefined) done.push([label, shown(value)]);
  }
  if (record) {
    const { backend, machine, node, version } = record;
    done.push(['backend', `${backend.name} ${backend.version}, ${backend.threads} threads`]);
    done.push(['machine', machine], ['versions', `midtrain ${version}, node ${node}`]);
  }
  return done;
}

/** What was run: the configuration in short and whole, the backend, the machine. */
export function overviewSection(runs: readonly RunData[]): Html {
  const card = (run: RunData) => html`<section class="card">
    <h3>${run.name}</h3>
    <dl>${facts(run).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>
    ${run.configText !== undefined && html`<details><summary>config.yaml</summary><pre>${run.configText}</pre></details>`}
  </section>`;
  return html`<h2>What was run</h2><div class="pair">${runs.map(card)}</div>`;
}
