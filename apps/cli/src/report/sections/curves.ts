import type { PostTrainMetrics, StepMetrics } from '@midtrain/core';
import { type Curve, type LineChartOptions, lineChart } from '../charts/line-chart.js';
import { seriesVariable } from '../charts/theme.js';
import { type Html, html, trusted } from '../html.js';
import type { RunData } from '../run-data.js';

type Figure<Line> = (line: Line) => number;

interface Panel<Line> extends Omit<LineChartOptions, 'curves' | 'label'> {
  readonly title: string;
  readonly caption: string;
  readonly value: Figure<Line>;
  /** A second, dashed curve. */
  readonly against?: Figure<Line>;
  /** Left out where no run has any of it. */
  readonly onlyIfAny?: boolean;
}

const PANELS: readonly Panel<StepMetrics>[] = [
  {
    title: 'Match reward',
    caption: 'Mean matching reward of the branches.',
    value: (line) => line.matchReward,
    fromZero: true,
  },
  {
    title: 'Thought length and budget',
    caption: 'Mean tokens of a thought; dashed: the budget it was given.',
    value: (line) => line.meanLength,
    against: (line) => line.budget,
    fromZero: true,
  },
  {
    title: 'Well-formed share',
    caption: 'Branches that closed their thought and predicted.',
    value: (line) => line.wellFormed,
    percent: true,
    fromZero: true,
  },
  {
    title: 'Total reward',
    caption: '(1 − w)·match + w·length, mean of the branches.',
    value: (line) => line.reward,
  },
  {
    title: 'Length reward',
    caption: 'Mean length reward of the branches.',
    value: (line) => line.lengthReward,
    fromZero: true,
  },
  {
    title: 'Groups without a comparison',
    caption: 'Share of positions whose branches were all rewarded alike.',
    value: (line) => line.equalGroups,
    percent: true,
    fromZero: true,
  },
  {
    title: 'Policy loss',
    caption: 'L_RL on the drawn positions.',
    value: (line) => line.policyLoss,
  },
  {
    title: 'Next-token loss',
    caption: 'L_NTP on all other tokens, nats a token.',
    value: (line) => line.nextTokenLoss,
  },
  {
    title: 'Policy entropy',
    caption: 'Over the tokens of branches that had a gradient, nats.',
    value: (line) => line.entropy,
    fromZero: true,
  },
  {
    title: 'Token difficulty',
    caption: 'Mean over all candidates of the step’s documents.',
    value: (line) => line.difficulty,
  },
  {
    title: 'KL to the reference',
    caption: 'Mean k3 estimate, nats a token.',
    value: (line) => line.kl,
    onlyIfAny: true,
  },
  { title: 'Gradient norm', caption: 'Before clipping.', value: (line) => line.gradientNorm, fromZero: true },
];

const POST_TRAINING: readonly Panel<PostTrainMetrics>[] = [
  {
    title: 'Answers that are right',
    caption: 'Mean accuracy of the sampled completions.',
    value: (line) => line.accuracy,
    percent: true,
    fromZero: true,
  },
  {
    title: 'Answers in the asked-for form',
    caption: 'Mean format reward of the completions.',
    value: (line) => line.formatReward,
    percent: true,
    fromZero: true,
  },
  { title: 'Reward', caption: 'Mean of the completions.', value: (line) => line.reward },
  {
    title: 'Completion length',
    caption: 'Mean tokens of a completion.',
    value: (line) => line.meanLength,
    fromZero: true,
  },
  {
    title: 'Completions cut off',
    caption: 'Share that had not ended at the limit.',
    value: (line) => line.clippedRatio,
    percent: true,
    fromZero: true,
  },
  {
    title: 'Questions without a comparison',
    caption: 'Share whose completions were all rewarded alike.',
    value: (line) => line.fracRewardZeroStd,
    percent: true,
    fromZero: true,
  },
  {
    title: 'Policy entropy on answers',
    caption: 'Over the tokens that were learnt from, nats.',
    value: (line) => line.entropy,
    fromZero: true,
  },
  {
    title: 'KL to the reference on answers',
    caption: 'Mean k3 estimate, nats a token.',
    value: (line) => line.kl,
    onlyIfAny: true,
  },
];

type Steps<Line> = readonly (readonly Line[])[];

const points = <Line extends { readonly step: number }>(
  steps: readonly Line[],
  value: Figure<Line>,
): Curve['points'] => steps.map((line) => [line.step, value(line)] as const);

/** A chart of one figure; `runs` has each run's steps. */
function panelCard<Line extends { readonly step: number }>(
  panel: Panel<Line>,
  runs: Steps<Line>,
): Html | undefined {
  const { title, caption, value, against, onlyIfAny, ...options } = panel;
  if (onlyIfAny && !runs.some((steps) => steps.some((line) => value(line) !== 0))) return undefined;
  const curves = runs.flatMap((steps, colour): Curve[] => {
    if (steps.length === 0) return [];
    const own: Curve = { points: points(steps, value), colour };
    return against ? [own, { points: points(steps, against), colour, dashed: true, exact: true }] : [own];
  });
  return figure(title, caption, lineChart({ label: `${title}: ${caption}`, curves, ...options }));
}

const figure = (title: string, caption: string, chart: Html, legend?: Html): Html =>
  html`<figure class="card"><h3>${title}</h3><figcaption>${caption}</figcaption>${legend}${chart}</figure>`;

const legendOf = (entries: readonly (readonly [label: string, colour: number])[]): Html =>
  html`<ul class="legend">${entries.map(
    ([label, colour]) =>
      html`<li><i style="background:var(${trusted(seriesVariable(colour))})"></i>${label}</li>`,
  )}</ul>`;

type TierFigure = (line: StepMetrics, tier: number) => number | null | undefined;

/** A chart of a run with a curve for each of its tiers. */
function tierCard(
  { name, steps }: RunData,
  several: boolean,
  {
    title,
    caption,
    value,
    ...options
  }: Omit<Panel<StepMetrics>, 'value'> & { value: TierFigure; stacked?: boolean },
): Html | undefined {
  const names = steps[0]?.tierNames ?? [];
  if (names.length < 2) return undefined;
  const curves = names.map((_, tier): Curve => {
    const drawn = steps.flatMap((line) => {
      const y = value(line, tier);
      return y === null || y === undefined ? [] : [[line.step, y] as const];
    });
    return { points: drawn, colour: tier };
  });
  const whole = several ? `${title}: ${name}` : title;
  const legend = legendOf(names.map((tier, i) => [tier, i] as const));
  return figure(whole, caption, lineChart({ label: whole, curves, ...options }), legend);
}

/** How the drawn positions fell into the tiers, and how hard they were there: two charts a run. */
const tierCards = (run: RunData, several: boolean): (Html | undefined)[] => [
  tierCard(run, several, {
    title: 'Tiers drawn',
    caption: 'Share of each tier among the drawn positions.',
    value: (line, tier) => line.tierShares[tier] ?? 0,
    stacked: true,
    percent: true,
    fromZero: true,
  }),
  tierCard(run, several, {
    title: 'Entropy by tier',
    caption: 'Mean difficulty of each tier’s drawn positions, nats where it is the entropy.',
    value: (line, tier) => line.tierDifficulties?.[tier],
    fromZero: true,
  }),
];

function pretrainingCard(runs: readonly RunData[]): Html | undefined {
  const curves = runs.flatMap(({ pretraining }, colour): Curve[] =>
    pretraining.length === 0
      ? []
      : [{ points: pretraining.map(({ step, loss }) => [step, loss] as const), colour }],
  );
  if (curves.length === 0) return undefined;
  const caption = 'Plain next-token training, nats a token.';
  return figure('Pre-training loss', caption, lineChart({ label: 'Pre-training loss', curves }));
}

/** Curves over the steps, all runs in each chart. */
export function curvesSection(runs: readonly RunData[]): Html {
  const mid = runs.map(({ steps }) => steps);
  const post = runs.map(({ postTraining }) => postTraining);
  const any = (all: Steps<unknown>) => all.some((steps) => steps.length > 0);
  const cards = [
    ...(any(mid) ? PANELS.map((panel) => panelCard(panel, mid)) : []),
    ...(any(post) ? POST_TRAINING.map((panel) => panelCard(panel, post)) : []),
    ...runs.flatMap((run) => tierCards(run, runs.length > 1)),
    pretrainingCard(runs),
  ];
  const legend = runs.length > 1 ? legendOf(runs.map(({ name }, i) => [name, i] as const)) : undefined;
  return html`<h2>Over the steps</h2>${legend}<div class="cards">${cards}</div>`;
}
