import type { HeatToken } from '../evaluation-data.js';
import { type Html, html, trusted } from '../html.js';
import type { RunData } from '../run-data.js';

/** Entropy, nats, at and above which a token has the full colour. */
const FULL = 4;

const visible = (text: string): string => text.replaceAll('\n', '↵\n');

function token({ text, tier }: HeatToken, entropy: number | null): Html {
  if (entropy === null) return html`<span>${visible(text)}</span>`;
  const strength = Math.round(100 * Math.min(1, Math.max(0, entropy / FULL)));
  const title = `${entropy.toFixed(2)} nats${tier === null ? '' : ` · ${tier}`}`;
  const style = trusted(`background:color-mix(in srgb,var(--heat) ${strength}%,transparent)`);
  return html`<span style="${style}" title="${title}">${visible(text)}</span>`;
}

function meanOf(tokens: readonly HeatToken[], which: 'before' | 'after'): string {
  const values = tokens.flatMap((one) => (one[which] === null ? [] : [one[which] as number]));
  if (values.length === 0) return 'not measured';
  return `mean ${(values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(2)} nats`;
}

/** One document, each token coloured by the policy's entropy there, before and after. */
export function heatMapSection({ evaluation }: RunData): Html | undefined {
  const map = evaluation?.heatMap;
  if (!map || map.tokens.length === 0) return undefined;
  const side = (title: string, which: 'before' | 'after') => html`<section class="card">
    <h3>${title}</h3><p class="small muted">${meanOf(map.tokens, which)}</p>
    <div class="text heat">${map.tokens.map((one) => token(one, one[which]))}</div></section>`;
  return html`<h2>Where the next token is hard</h2>
    <p class="muted">Entropy of each token’s prediction in ${map.documentId}: 0<span class="scale"></span>${FULL} nats and more.</p>
    <div class="pair">${side('Before', 'before')}${side('After', 'after')}</div>`;
}
