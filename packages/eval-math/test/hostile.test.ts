import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attacks, HOSTILE } from '../bench/hostile.mjs';
import { choiceLetter, leadingChoice } from '../src/compare/text.js';
import { lastBox } from '../src/extract/boxes.js';
import { findSegments } from '../src/extract/segments.js';
import { grade, mathReward, parseBenchmark } from '../src/index.js';
import { normaliseLatex } from '../src/read/normalise.js';

describe('hostile input', () => {
  it.each(Object.entries(HOSTILE))('%s gets a verdict', (_, text) => {
    for (const [gold, prediction, options] of attacks(text)) {
      const verdict = grade(gold, prediction, { ...options, timeLimit: 20 });
      expect(typeof verdict.correct).toBe('boolean');
      expect(verdict.reason).not.toBe('');
      expect(`${verdict.gold}${verdict.prediction}`.length).toBeLessThan(1_010);
    }
  });

  it('changes no prototype', () => {
    for (const text of ['__proto__', 'constructor', '\\text{__proto__} = 5', 'x_{__proto__} = 1'])
      grade(text, `${text}, polluted`);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('evaluates nothing as code', () => {
    const target = globalThis as { attacked?: boolean };
    for (const code of [
      'globalThis.attacked = true',
      `\${globalThis.attacked = true}`,
      '(() => { attacked = true })()',
      'constructor.constructor("attacked = true")()',
    ])
      grade(code, `\\boxed{${code}}`);
    expect(target.attacked).toBeUndefined();
  });
});

describe('bait for backtracking', () => {
  const blanks = ' '.repeat(1_000_000);
  const gsm8k = mathReward({ gold: '5', format: 'gsm8k' });
  const answered = (answer: string) =>
    parseBenchmark('gsm8k', JSON.stringify({ question: 'x', answer }), 'x');

  // The square of these lengths is beyond the time limit of a test by far.
  it.each<[string, () => unknown, unknown]>([
    ['blanks behind digits', () => normaliseLatex(`${'1'.repeat(31)}${blanks}x`).length, 33],
    ['typeset blanks', () => normaliseLatex(`^${'~'.repeat(1_000_000)}x`), '^ x'],
    ['blanks in a choice', () => choiceLetter(`B${blanks}x`), null],
    ['blanks behind a choice', () => leadingChoice(`B)${blanks}`), null],
    ['a name between boxes', () => lastBox(`\\boxed{1}${'a_'.repeat(500_000)}\\boxed{2}`)?.content, '2'],
    ['escaped delimiters', () => findSegments('\\(\\'.repeat(300_000)).length, 0],
    ['a last line that is not', () => gsm8k(`#### 5${blanks}\nx`).format, 0],
    [
      'a solution without an end',
      () => answered(`${'####'.repeat(1_000)}${blanks}\n5`).problems[0].gold,
      '5',
    ],
  ])('%s takes time as its length', (_, work, expected) => {
    expect(work()).toEqual(expected);
  });
});

/** Pieces of mathematics and of nothing, in any order. */
const noise = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '\\frac',
          '\\sqrt',
          '{',
          '}',
          '(',
          ')',
          '[',
          ']',
          '|',
          '^',
          '_',
          '1',
          '2.5',
          'x',
          'y',
          '+',
          '-',
          '*',
          '/',
          '=',
          '<',
          '\\le',
          ',',
        ],
        ...[
          '\\pm',
          '\\cup',
          '\\in',
          '\\text{',
          '\\text{ cm}',
          '%',
          '^\\circ',
          '!',
          ':',
          ' and ',
          '\\sin',
          '\\log',
          '\\sum_{k=1}^',
          '\\infty',
          'i',
          'e',
        ],
        ...[
          '\\pi',
          '\\boxed{',
          '$',
          '\\begin{pmatrix}',
          '\\end{pmatrix}',
          '&',
          '\\\\',
          ' ',
          '\n',
          'answer is',
          '####',
          '0.\\overline',
          '\\{',
          '\\}',
          "'",
        ],
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { maxLength: 25 },
  )
  .map((pieces) => pieces.join(''));

describe('noise', () => {
  it('gets a verdict with a reason, whatever it is and whatever it is compared with', () => {
    fc.assert(
      fc.property(noise, noise, fc.boolean(), (gold, prediction, strict) => {
        const verdict = grade(gold, prediction, { strict, extract: ['latex', 'expr', 'string'] });
        expect(typeof verdict.correct).toBe('boolean');
        expect(verdict.reason).not.toBe('');
      }),
      { numRuns: 1_500 },
    );
  });

  it('gets the same verdict again', () => {
    fc.assert(
      fc.property(noise, noise, (gold, prediction) => {
        expect(grade(gold, prediction)).toEqual(grade(gold, prediction));
      }),
      { numRuns: 200 },
    );
  });

  it('is right against itself where an answer can be read', () => {
    fc.assert(
      fc.property(noise, (text) => {
        const verdict = grade(text, text);
        if (verdict.gold !== null && verdict.gold.length < 400)
          expect(verdict.correct, verdict.reason).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
