import { seriesVariable } from '../../../report/charts/theme.js';
import { type Html, html, trusted } from '../../../report/html.js';
import type { Estimate } from '../../statistics/hierarchical-bootstrap.js';
import { linearScale } from './scale.js';

/** A method's place between length and accuracy. */
export interface FrontierPoint {
  readonly label: string;
  readonly colour: number;
  readonly length: Estimate;
  readonly accuracy: Estimate;
}

/** An accuracy without reasoning: a line across. */
export interface FrontierLevel {
  readonly label: string;
  readonly accuracy: number;
}

const SIZE = { width: 860, height: 430 };
const INSIDE = { left: 52, right: 250, top: 16, bottom: 44 };
const LABEL_HEIGHT = 15;

/** Pushes labels apart that would lie on each other, keeping their order. */
function spread(places: readonly number[]): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const moved = [...places];
  order.forEach((index, i) => {
    if (i > 0) moved[index] = Math.max(moved[index], moved[order[i - 1]] + LABEL_HEIGHT);
  });
  const over = Math.max(0, moved[order[order.length - 1]] - (SIZE.height - INSIDE.bottom));
  return moved.map((place) => place - over);
}

/** Accuracy with reasoning against the length of the reasoning, each with its interval. */
export function frontierChart(points: readonly FrontierPoint[], levels: readonly FrontierLevel[]): Html {
  const right = SIZE.width - INSIDE.right;
  const bottom = SIZE.height - INSIDE.bottom;
  const x = linearScale(
    [0, ...points.flatMap(({ length }) => [length.low, length.high])],
    [INSIDE.left, right],
  );
  const accuracies = points.flatMap(({ accuracy }) => [accuracy.low, accuracy.high]);
  const y = linearScale(
    [...accuracies, ...levels.map(({ accuracy }) => accuracy)].map((share) => 100 * share),
    [bottom, INSIDE.top],
  );
  const at = (share: number) => y(100 * share).toFixed(1);
  const texts = [
    ...points.map(({ accuracy }) => y(100 * accuracy.value)),
    ...levels.map(({ accuracy }) => y(100 * accuracy)),
  ];
  const labels = spread(texts);
  const grid = [
    ...y.ticks.map(
      (
        tick,
      ) => html`<line x1="${INSIDE.left}" x2="${right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" class="grid"/>
      <text x="${INSIDE.left - 8}" y="${(y(tick) + 4).toFixed(1)}" class="tick" text-anchor="end">${tick} %</text>`,
    ),
    ...x.ticks.map(
      (tick) =>
        html`<text x="${x(tick).toFixed(1)}" y="${bottom + 18}" class="tick" text-anchor="middle">${tick}</text>`,
    ),
  ];
  const lead = (fromX: number, fromY: number, place: number) =>
    html`<path d="M${fromX.toFixed(1)},${fromY.toFixed(1)} L${right + 6},${place.toFixed(1)}" class="lead"/>`;
  const name = (place: number, text: string, colour: string) =>
    html`<text x="${right + 10}" y="${(place + 4).toFixed(1)}" class="label" style="fill:${trusted(colour)}">${text}</text>`;
  const leads = points.map(({ length, accuracy }, i) =>
    lead(x(length.value), y(100 * accuracy.value), labels[i]),
  );
  const drawn = points.map(({ label, colour, length, accuracy }, i) => {
    const stroke = `var(${seriesVariable(colour)})`;
    const [cx, cy] = [x(length.value).toFixed(1), at(accuracy.value)];
    return html`<g style="stroke:${trusted(stroke)};fill:${trusted(stroke)}">
      <line x1="${cx}" x2="${cx}" y1="${at(accuracy.low)}" y2="${at(accuracy.high)}" stroke-width="1.5"/>
      <line x1="${x(length.low).toFixed(1)}" x2="${x(length.high).toFixed(1)}" y1="${cy}" y2="${cy}" stroke-width="1.5"/>
      <circle cx="${cx}" cy="${cy}" r="4.5" stroke="none"/></g>
      ${name(labels[i], label, stroke)}`;
  });
  const across = levels.map(({ label, accuracy }, i) => {
    const place = labels[points.length + i];
    return html`<line x1="${INSIDE.left}" x2="${right}" y1="${at(accuracy)}" y2="${at(accuracy)}" class="level"/>
    ${lead(right, y(100 * accuracy), place)}${name(place, label, 'var(--muted)')}`;
  });
  return html`<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="Accuracy against the length of reasoning" class="drawn">
    ${grid}${leads}${across}${drawn}
    <text x="${((INSIDE.left + right) / 2).toFixed(0)}" y="${SIZE.height - 6}" class="tick" text-anchor="middle">mean tokens of a thought</text>
  </svg>`;
}
