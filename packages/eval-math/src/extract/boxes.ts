import { braced } from '../read/tokens.js';
import { joins } from './box-joint.js';
import { unitAfter } from './numbers.js';

interface Box {
  readonly content: string;
  readonly from: number;
  readonly to: number;
}

const COMMAND = /\\(?:boxed|fbox|framebox)(?![a-zA-Z])/g;
/** A text with more boxes than this is read from its last ones. */
const MAX_BOXES = 200;
/** Braces are matched within this many characters, so that open ones cannot cost the square of the length. */
const MAX_BOX = 5_000;

/** The content of the last `\boxed{}` or `\fbox{}`, joined by commas with boxes beside it; `null` where there is none. */
export function lastBox(text: string): { content: string; end: number } | null {
  const boxes = findBoxes(text);
  const last = boxes.at(-1);
  if (!last) return null;
  const contents = [last.content];
  let next = last;
  for (const box of boxes.slice(0, -1).reverse()) {
    if (box.content === next.content || !joins(text.slice(box.to, next.from))) break;
    if (box.content !== contents[0]) contents.unshift(box.content);
    next = box;
  }
  const content =
    contents.length > 1
      ? contents.join(', ')
      : last.content + trailingUnit(text.slice(last.to, last.to + 40));
  return { content, end: last.to };
}

function findBoxes(text: string): Box[] {
  const starts = [...text.matchAll(COMMAND)].slice(-MAX_BOXES);
  const boxes: Box[] = [];
  for (const match of starts) {
    const from = match.index;
    if (boxes.length > 0 && from < boxes.at(-1)!.to) continue;
    boxes.push(readBox(text, from, from + match[0].length));
  }
  return boxes;
}

function readBox(text: string, from: number, start: number): Box {
  const window = text.slice(start, start + MAX_BOX);
  const optional = /^\s*\[[^\]]{0,20}\]/.exec(window)?.[0].length ?? 0;
  const skipped = /^\s*/.exec(window.slice(optional))![0].length + optional;
  const group = braced(window, skipped);
  if (group) return { content: group.inside.trim(), from, to: start + group.end };
  const bare =
    window[skipped] === '{'
      ? /^\{([^$\n]*)/.exec(window.slice(skipped))
      : /^([^\s$\\{]+|\\[a-zA-Z]+)/.exec(window.slice(skipped));
  return { content: (bare?.[1] ?? '').trim(), from, to: start + skipped + (bare?.[0].length ?? 0) };
}

/** A percent sign or unit directly behind the box belongs to its number. */
function trailingUnit(after: string): string {
  const percent = /^\s*\$?\s*(?:\\?%|(?:percent|percentage|pct)\b)/i.exec(after);
  if (percent) return '%';
  const marked = /^\s*(?:\\[,;: ])?\s*(\\(?:text|mathrm|mbox)\s*\{[^{}]{1,20}\}(?:\^\{?\d\}?)?)/.exec(after);
  if (marked) return marked[1];
  const unit = unitAfter(after.replace(/^\s*\$+/, ' '));
  return unit === '' ? '' : `\\text{${unit}}`;
}
