import { type Html, html } from '../../report/html.js';
import type { Estimate } from '../statistics/hierarchical-bootstrap.js';

/** A share in percent, with a decimal. */
export const percent = (share: number): string => (100 * share).toFixed(1);

/** A difference in points, with its sign. */
const points = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;

/** A number with a decimal and its sign. */
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;

/** A large number in short: 12.3 k, 4.56 M, 7.89 G. */
export function short(value: number): string {
  const units = [
    [1e15, ' P'],
    [1e12, ' T'],
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
  ] as const;
  const [size, unit] = units.find(([least]) => Math.abs(value) >= least) ?? [1, ''];
  return `${Number((value / size).toPrecision(3))}${unit}`;
}

/** A cell with a mean, its interval below, and each seed's own mean where the pointer rests. */
export function cell(
  estimate: Estimate | null,
  shown: (value: number) => string = percent,
  more?: Html,
): Html {
  if (estimate === null) return html`<td>–${more}</td>`;
  const { value, low, high, bySeed } = estimate;
  return html`<td title="by seed: ${bySeed.map(shown).join(', ')}">${shown(value)}<small>${shown(low)} – ${shown(high)}</small>${more}</td>`;
}

/** A cell of a difference in points: marked where its interval leaves 0 out. */
export function differenceCell(estimate: Estimate | null): Html {
  if (estimate === null) return html`<td>–</td>`;
  const { value, low, high, bySeed } = estimate;
  const clear = low > 0 ? 'good' : high < 0 ? 'bad' : 'muted';
  return html`<td title="by seed: ${bySeed.map(points).join(', ')}"><span class="${clear}">${points(value)}</span><small>${points(low)} to ${points(high)}</small></td>`;
}

/** A cell of a difference in tokens, of which neither more nor less is better in itself. */
export function lengthCell(estimate: Estimate | null): Html {
  if (estimate === null) return html`<td>–</td>`;
  const { value, low, high, bySeed } = estimate;
  return html`<td title="by seed: ${bySeed.map(signed).join(', ')}">${signed(value)}<small>${signed(low)} to ${signed(high)}</small></td>`;
}

/** Links to the run folders that numbers come from. */
export const sources = (folders: readonly string[]): Html =>
  html`<small class="sources">${[...new Set(folders)].map(
    (folder, i) =>
      html`${i > 0 && ' '}<a href="${folder}/report.html" title="${folder}">${shortName(folder)}</a>`,
  )}</small>`;

const shortName = (folder: string): string =>
  folder.replace(/^runs\//, '').replace(/(?:.*\/)?seed-(\d+)$/, '$1');
