import { seriesVariable } from '../../../report/charts/theme.js';
import { type Html, html, trusted } from '../../../report/html.js';
import type { Estimate } from '../../statistics/hierarchical-bootstrap.js';
import { linearScale } from './scale.js';

/** A difference with its intervals: in the mean of the tiers, and in the hard one. */
export interface ForestRow {
  readonly label: string;
  readonly average: Estimate | null;
  readonly hard: Estimate | null;
}

const WIDTH = 860;
const LEFT = 410;
const RIGHT = 16;
const TOP = 30;
const ROW = 32;
/** Colours. */
const AVERAGE = 0;
const HARD = 4;

/** Differences in points around 0, a row each: the mean of the tiers above, hard tokens below. */
export function forestChart(rows: readonly ForestRow[], label: string): Html {
  const height = TOP + rows.length * ROW + 26;
  const all = rows.flatMap(({ average, hard }) =>
    [average, hard].flatMap((one) => (one ? [100 * one.low, 100 * one.high] : [])),
  );
  const x = linearScale([0, ...all], [LEFT, WIDTH - RIGHT], 8);
  const place = (share: number) => x(100 * share).toFixed(1);
  const bar = (estimate: Estimate | null, y: number, colour: number) =>
    estimate &&
    html`<g style="stroke:${trusted(`var(${seriesVariable(colour)})`)};fill:${trusted(`var(${seriesVariable(colour)})`)}">
    <line x1="${place(estimate.low)}" x2="${place(estimate.high)}" y1="${y}" y2="${y}" stroke-width="1.75"/>
    <circle cx="${place(estimate.value)}" cy="${y}" r="3.75" stroke="none"/></g>`;
  const bottom = TOP + rows.length * ROW;
  const key = (place: number, colour: number, text: string) =>
    html`<circle cx="${place}" cy="12" r="3.75" style="fill:${trusted(`var(${seriesVariable(colour)})`)}"/><text x="${place + 9}" y="16" class="tick">${text}</text>`;
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}" class="drawn">
    ${key(LEFT, AVERAGE, 'mean of the tiers')}${key(LEFT + 150, HARD, 'hard tokens')}
    ${x.ticks.map(
      (
        tick,
      ) => html`<line x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${TOP}" y2="${bottom}" class="${tick === 0 ? 'zero' : 'grid'}"/>
      <text x="${x(tick).toFixed(1)}" y="${bottom + 18}" class="tick" text-anchor="middle">${tick > 0 ? '+' : ''}${String(tick).replace('-', '−')}</text>`,
    )}
    ${rows.map(({ label: text, average, hard }, i) => {
      const y = TOP + i * ROW + ROW / 2;
      return html`<text x="${LEFT - 12}" y="${y + 4}" class="label" text-anchor="end">${text}</text>
      ${bar(average, y - 5, AVERAGE) ?? ''}${bar(hard, y + 6, HARD) ?? ''}`;
    })}
  </svg>`;
}
