import { findUnit, isPlainUnit } from '../read/units.js';

/** The last characters of a text in which plain numbers are looked for. */
const WINDOW = 4_000;

const NUMBER =
  /(?<![\p{L}\d.,_{}])[-−]?[$€£¥₹]?[-−]?(?:\d{1,3}(?:(?:[, ]|\{,\}|,\\!)\d{3})+(?!\d)(?:\.\d+)?|\d*\s?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]|\d+[.,]\d+|\.\d+|\d+)(?:e[+-]?\d+)?/gu;
const EXPRESSION = /(?<![\p{L}\d.,_])[-(]{0,3}\d[\d\s.+*/^()×÷-]{0,60}[\d)]/gu;

/** A tuple, interval or set of plain numbers, such as `(3, -1/2)` or `[0, ∞)`. */
const BRACKETED =
  /[([{]\s*(?:[\d\s.+*/^()√π∞−-]|pi|inf(?:inity)?|sqrt){1,30}(?:[,;](?:[\d\s.+*/^()√π∞−-]|pi|inf(?:inity)?|sqrt){1,30}){1,8}[)\]}]/g;

/** `3, 5, and 7` and `3, 5, 7`: plain numbers listed with "and", or three and more. */
const LISTED =
  /(?<![\p{L}\d.,_])-?\d{1,15}(?:\.\d{1,15})?(?:(?:, -?\d{1,15}(?:\.\d{1,15})?){0,20},? (?:and|or) -?\d{1,15}(?:\.\d{1,15})?|(?:, -?\d{1,15}(?:\.\d{1,15})?){2,20})/gu;
/** What an exact value is about: the `≈ 0.583` of `7/12 ≈ 0.583`. */
const APPROXIMATION = /(?<=[\d)}]\s?)(?:≈|≃|\\approx)\s?-?\d{1,20}(?:\.\d{1,20})?/g;

interface Found {
  readonly text: string;
  readonly from: number;
  readonly end: number;
}

/** The last plain number of a text with its percent sign or unit, or the last plain calculation (`1/2`) where that ends later. */
export function lastNumber(text: string): Found[] {
  const start = Math.max(0, text.length - WINDOW);
  const window = text.slice(start).replace(APPROXIMATION, (match) => ' '.repeat(match.length));
  const number = [...window.matchAll(NUMBER)].at(-1);
  if (!number) return [];
  const end = number.index + number[0].length;
  const suffix = unitAfter(window.slice(end, end + 24));
  const found: Found[] = [
    { text: number[0].replace('−', '-') + suffix, from: start + number.index, end: start + end },
  ];
  const expression = [...window.matchAll(EXPRESSION)].at(-1);
  if (
    expression &&
    /[+*/^×÷]|\d\s*-/.test(expression[0]) &&
    expression.index + expression[0].length >= end &&
    !/\n/.test(expression[0])
  ) {
    found.unshift({
      text: expression[0],
      from: start + expression.index,
      end: start + expression.index + expression[0].length,
    });
  }
  for (const pattern of [LISTED, BRACKETED]) {
    const group = [...window.matchAll(pattern)].at(-1);
    if (group && group.index < number.index && group.index + group[0].length >= end)
      found.unshift({
        text: group[0],
        from: start + group.index,
        end: start + group.index + group[0].length,
      });
  }
  return found;
}

/** A word behind a number, with its power and what it is divided by: ` cm^2`, ` miles/hour`. */
const UNIT_WORD = /^\s?((?:square |cubic |sq |cu )?[\p{L}°]+)([²³]|\^[23])?(\/[a-z]+)?/u;

/**
 * The percent sign, currency or known unit right behind a number; other words are not part of it. A letter or `in`, which
 * may go on with the sentence, counts at its end only.
 */
export function unitAfter(after: string): string {
  const percent = /^\s*(?:\\?%|(?:percent|percentage|pct)\b)/i.exec(after);
  if (percent) return '%';
  const scale = /^\s?(?:thousand|million|billion|trillion)\b/.exec(after);
  if (scale) return ` ${scale[0].trim()}${unitAfter(after.slice(scale[0].length))}`;
  const currency = /^\s?([$€£¥₹¢])/.exec(after);
  if (currency) return currency[1];
  const word = UNIT_WORD.exec(after);
  const name = word?.[1].replace(/^(?:square|cubic|sq|cu) /, '');
  if (!word || !name || !findUnit(name)) return '';
  const ends = /^[.,;:!?)]*\s*(?:$|\n)/.test(after.slice(word[0].length));
  return isPlainUnit(name) || ends ? ` ${word[0].trim()}` : '';
}
