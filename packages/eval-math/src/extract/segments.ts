import { unitAfter } from './numbers.js';

/** A stretch of a text between LaTeX delimiters. */
export interface Segment {
  readonly content: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Display mathematics may span lines, `$…$` and `\(…\)` may not. Linear in the text, since none opens where the search for
 * the end of an earlier one goes on: the backslash of `\\(` belongs to the one before it.
 */
const DELIMITED =
  /(?<!\\)\$\$((?:[^$\\]|\\[\s\S]|\$(?!\$))+)\$\$|\\\[(?<=(?<!\\)(?:\\\\)*\\\[)((?:[^\\]|\\\\|\\(?![[\]\\]))+)\\\]|\\\((?<=(?<!\\)(?:\\\\)*\\\()((?:[^\\\n]|\\\\|\\(?![()\\\n]))+)\\\)|(?<![\\\d])\$((?:[^$\\\n]|\\[^\n])+)\$/g;
const ENVIRONMENT = /\\begin\{(align\*?|equation\*?|gather\*?)\}([\s\S]{1,5000}?)\\end\{\1\}/g;
const LONGEST = 20_000;

/** All delimited mathematics of a text, in order. */
export function findSegments(text: string): Segment[] {
  const window = text.slice(-LONGEST);
  const offset = text.length - window.length;
  const found: Segment[] = [];
  for (const pattern of [DELIMITED, ENVIRONMENT]) {
    for (const match of window.matchAll(pattern)) {
      const content =
        pattern === ENVIRONMENT ? lastLine(match[2]) : (match[1] ?? match[2] ?? match[3] ?? match[4]);
      found.push({ content, from: offset + match.index, to: offset + match.index + match[0].length });
    }
  }
  return found.sort((a, b) => a.to - b.to);
}

/** The last line of an aligned calculation, without its marks: ` & = 3` states 3. */
function lastLine(lines: string): string {
  if (/\\begin\s*\{/.test(lines)) return lines;
  const last = lines
    .split(/\\\\(?:\[[^\]]{0,10}\])?/)
    .filter((line) => line.trim() !== '')
    .at(-1);
  return (last ?? '').replace(/&/g, ' ').replace(/\\(?:notag|nonumber)\b/g, ' ');
}

const JOINT = /^\s*(?:,\s*and|,\s*or|and|or|,)\s*$/;

/** The segment at `index` joined with its neighbours before it: `$1$ and $2$` is the list 1, 2. */
export function joinedBack(text: string, segments: Segment[], index: number): Segment {
  const parts = [withUnit(text, segments[index])];
  let from = segments[index].from;
  for (let before = index - 1; before >= 0 && parts.length < 8; before -= 1) {
    const between = text.slice(segments[before].to, from);
    if (between.length > 12 || !JOINT.test(between)) break;
    parts.unshift(withUnit(text, segments[before]));
    from = segments[before].from;
  }
  return { content: parts.join(', '), from, to: segments[index].to };
}

/** The content of a segment with the unit or percent sign that follows it outside, if it ends in a number. */
function withUnit(text: string, segment: Segment): string {
  if (!/[\d}]\s*$/.test(segment.content)) return segment.content;
  const unit = unitAfter(text.slice(segment.to, segment.to + 40).replace(/\$[\s\S]*/, ''));
  return unit === '%' || unit === '' ? segment.content + unit : `${segment.content}\\text{${unit}}`;
}

/** What stands between delimiters with the delimiters taken out: `$5$, $6$` inside a box is 5, 6. */
export const withoutDollars = (text: string): string =>
  (text.match(/(?<!\\)\$/g)?.length ?? 0) > 1 ? text.replace(/(?<!\\)\$/g, ' ') : text;
