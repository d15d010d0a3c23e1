import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeHtml, html, trusted } from './html.js';

const UNESCAPED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

test('escaped text has no mark-up, and is the text again when a browser reads it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>"']/);
      expect(escaped.replace(/&[^;]+;/g, (entity) => UNESCAPED[entity])).toBe(text);
    }),
  );
});

test('every value is escaped but what is HTML', () => {
  const list = ['<i>', html`<b>${'&'}</b>`];
  expect(html`<p title="${'"'}">${list}${undefined}${false}${0}${trusted('<hr>')}</p>`.html).toBe(
    '<p title="&quot;">&lt;i&gt;<b>&amp;</b>0<hr></p>',
  );
});
