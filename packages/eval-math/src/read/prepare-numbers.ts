import type { Notation } from './read.js';

/** Rewrites written numbers whose spelling the tokens do not carry: grouped, repeating, with a decimal comma. */
export function prepareNumbers(source: string, notation: Notation): string {
  const text = source
    .replace(
      /(?<=\d)\s*(?:\\text\s*\{\s*)?\(?(?:in\s+)?base[\s-]+(\d{1,2}|[a-z]{3,7})\)?(?:\s*\})?\s*$/,
      (_, base: string) => `_{\\text{${base}}}`,
    )
    .replace(
      /(?<![\d.,])([1-9]\d{0,2})((?: \d{3})+)(?![\d/])/g,
      (_, head: string, groups: string) => head + groups.replaceAll(' ', ''),
    )
    .replace(
      /(\d{0,40})\.(\d{0,40})\s?\\(?:overline|bar|overbar|overset\{\\frown\}|widebar)\s?\{?\s?(\d{1,40})\s?\}?/g,
      '\\repeating{$1}{$2}{$3}',
    )
    .replace(
      /(\d{0,40})\.(\d{0,40})\\dot\s?\{?(\d)\}?(?:(\d{0,20})\\dot\s?\{?(\d)\}?)?/g,
      (_, head: string, still: string, first: string, middle = '', last = '') =>
        `\\repeating{${head}}{${still}}{${first}${middle}${last}}`,
    )
    .replace(/(\d{1,40})\.(\d{0,40})\((\d{1,40})\)/g, '\\repeating{$1}{$2}{$3}')
    .replace(
      /(\d{1,40})\.(\d{1,40})(?:\s?\\(?:ldots|dots|cdots)|\.\.\.)/g,
      (match, head: string, digits: string) =>
        writtenOut(head, digits) ?? match.replace(/(?:\s?\\(?:ldots|dots|cdots)|\.\.\.)$/, ''),
    );
  if (notation === 'latex') return text;
  return text
    .replace(/^\s*(\d{1,15})\s+to\s+(\d{1,15})\s*$/, '$1:$2')
    .replace(/^\s*([-+]?(?:\d+,\d{2}|\d{4,},\d|0,\d+|\d{4,},\d{3}))\s*(?=$|[^\d,\s(])/, (_, number: string) =>
      number.replace(',', '.'),
    );
}

/** `0.333...` and `0.1666...` repeat their last digits, if those were written three times (a longer cycle: twice). */
function writtenOut(head: string, digits: string): string | null {
  const match = /^(\d*?)(?:(\d)\2{2,}|(\d{2,6})\3+)$/.exec(digits);
  if (!match) return null;
  return `\\repeating{${head}}{${match[1]}}{${match[2] ?? match[3]}}`;
}
