import { unicodeToLatex } from './unicode.js';

/** Marks a comma that the writer typeset as a thousands separator (`1{,}000`, `1,\!000`). */
export const THOUSANDS_MARK = '\u2063';

const ZEROS: Readonly<Record<string, number>> = { thousand: 3, million: 6, billion: 9, trillion: 12 };

/** `1.5` and `million` as 1500000. */
function shifted(number: string, word: string): string {
  const [digits, places = ''] = number.replaceAll(',', '').split('.');
  const moved = places.padEnd(ZEROS[word], '0');
  const rest = moved.slice(ZEROS[word]);
  return digits + moved.slice(0, ZEROS[word]) + (rest === '' ? '' : `.${rest}`);
}

/** What follows the first of several blanks: with none left, no pattern below can try a run of them in more than one way. */
const MORE_BLANKS = /(?<=\s)\s+/g;

/** A brace that only opens, before an array: cases by another name. */
const PIECEWISE_ARRAY =
  /\\left\s?\\\{\s?\\begin\s?\{array\}\s?\{[^{}]{0,20}\}((?:[^\\]|\\(?!begin|end|left|right))*)\\end\s?\{array\}\s?\\right\s?(?:\.|$)/g;

const HAS_ROWS = /\\begin\s*\{|\\cr\b/;

/** Rewrites spacing, sizing and synonyms of LaTeX so that the reader meets one spelling of each thing. */
export function normaliseLatex(source: string): string {
  let text = unicodeToLatex(source).replace(MORE_BLANKS, '');
  if (!HAS_ROWS.test(text)) text = text.replace(/\\\\(?=[a-zA-Z{}%$,!;: ])/g, '\\');
  return text
    .replace(/\\!\s*/g, '')
    .replace(PIECEWISE_ARRAY, '\\begin{cases}$1\\end{cases}')
    .replace(
      /\\(text|textrm|mbox)\s?\{([^{}$]{0,20})\$(\s?[^{}$\s][^{}$]{0,60})\$([^{}$]{0,40})\}/g,
      (_, command: string, before: string, inside: string, after: string) =>
        [before, after]
          .map((words) => (words.trim() === '' ? '' : `\\${command}{${words}}`))
          .join(` ${inside} `),
    )
    .replace(
      /(\d[\d,]{0,30}(?:\.\d{1,30})?)\s*(\\text\s*\{)?\s*(thousand|million|billion|trillion)\b\s*(\})?/g,
      (_, number: string, open = '', word: string, close = '') =>
        shifted(number, word) + (open && close ? '' : `${open} ${close}`),
    )
    .replace(/\\(?:SI|qty)\s*\{([^{}]{1,40})\}\s*\{([^{}]{1,40})\}/g, '$1\\text{ $2}')
    .replace(/(\d)\s*\{\s*,\s*\}\s*(?=\d{3})/g, `$1${THOUSANDS_MARK}`)
    .replace(/(?<=\d)\\[,;: ]\s*(?=\d{3}(?!\d))/g, THOUSANDS_MARK)
    .replace(
      /\\(?:left|right|middle|mleft|mright|bigl|bigr|biggl|biggr|Bigl|Bigr|Biggl|Biggr|big|Big|bigg|Bigg)(?![a-zA-Z])\s*\.?/g,
      ' ',
    )
    .replace(
      /\\(?:displaystyle|textstyle|scriptstyle|limits|nolimits|strut|hfill|centering|noindent|bf|it|rm|boldsymbol|ensuremath|phantom\{[^{}]*\}|label\{[^{}]*\}|tag\*?\{[^{}]*\})(?![a-zA-Z])/g,
      ' ',
    )
    .replace(
      /\\(?:(?:quad|qquad|enspace|thinspace|medspace|thickspace)(?![a-zA-Z])|hspace\*?\{[^{}]*\}|[,;:> \n])/g,
      ' ',
    )
    .replace(/~/g, ' ')
    .replace(MORE_BLANKS, '')
    .replace(/\\(?:dfrac|tfrac|cfrac|sfrac|nicefrac)(?![a-zA-Z])/g, '\\frac')
    .replace(/\\(?:dbinom|tbinom)(?![a-zA-Z])/g, '\\binom')
    .replace(/\\%/g, '%')
    .replace(
      /\(\s*(?:\\(?:text|mathrm|operatorname)\s*\{\s*mod\s*\}|\\b?mod\b|mod\b)\s*([^()]{1,20})\)/g,
      '\\pmod{$1}',
    )
    .replace(/\\text\s*\{\s*(\\?[$€£¥₹-])\s*\}/g, '$1')
    .replace(
      /\\(text|mathrm|textrm|mbox)\s*\{([^{}]{0,40}[a-z][^{}]{0,9}?)[\s,]{0,4}\b(and|or)\s{0,4}\}/g,
      '\\$1{$2}\\text{ $3 }',
    )
    .replace(/\^\s*\{?\s*\\prime\s*\}?/g, "'")
    .replace(
      /\\frac\s*\{\s*\\(?:text|mathrm)\s*\{([^{}]{1,20})\}\s*\}\s*\{\s*\\(?:text|mathrm)\s*\{([^{}]{1,20})\}\s*(\^\s*\{?\d\}?)?\s*\}/g,
      '\\text{$1/$2}$3',
    )
    .replace(/\{([^{}]{1,40})\\choose(?![a-zA-Z])([^{}]{1,40})\}/g, '\\binom{$1}{$2}')
    .replace(/\{([^{}]{1,40})\\over(?![a-zA-Z])([^{}]{1,40})\}/g, '\\frac{$1}{$2}')
    .replace(
      /\\(?:text|textbf|textit|textrm|mathbf|mathrm|mathit|bm|bold|underline)\s*\{\s*(-?\d[\d,.]*)\s*\}/g,
      '$1',
    )
    .replace(
      /\\text\s*\{\s*(-?\d[\d.,]*)\s+((?!and\b|or\b)[a-zA-Z][^{}\d]{0,30})\}/g,
      (_, number: string, unit: string) => `${number}\\text{ ${unit}}`,
    )
    .replace(/\b(USD|EUR|GBP|INR)\s*(\d[\d,.]*)/g, '$2 \\text{$1} ')
    .replace(/\\&/g, ' and ')
    .replace(/\\#/g, '#')
    .replace(/(\d)(and|or)(?=[A-Z(\\])/g, '$1 $2 ')
    .replace(
      /([-+]?)\\?([$€£¥₹])\s*([-+]?(?:\d[\d,.\u2063]*\d|\d|\.\d+))/g,
      (_, sign: string, currency: string, number: string) => `${sign}${number} \\text{${currency}} `,
    )
    .replace(/(?<=\d\s?)\\?([$€£¥₹¢])/g, ' \\text{$1}');
}
