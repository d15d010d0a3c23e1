import { type Cursor, expectSign, nested, peek, UnreadableError } from './cursor.js';
import type { Node } from './node.js';
import { readRelation } from './read-list.js';
import { readScript } from './read-operand.js';
import { readProduct } from './read-sum.js';
import { mapChildren, some } from './walk.js';

/** `\\sum_{k=1}^{n} body`: the body is the product that follows. An infinite one is kept as it is written. */
export function readFold(cursor: Cursor, operation: 'sum' | 'product'): Node {
  const start = cursor.at;
  expectSign(cursor, '_');
  expectSign(cursor, '{');
  const bounds = nested(cursor, () => readRelation(cursor));
  expectSign(cursor, '}');
  expectSign(cursor, '^');
  const to = readScript(cursor);
  const body = nested(cursor, () => readProduct(cursor));
  if (bounds.kind !== 'relation' || bounds.sides.length !== 2 || bounds.operators[0] !== '=')
    throw new UnreadableError('a sum without bounds');
  const [index, from] = bounds.sides;
  const name = nameOf(index);
  if (!name) throw new UnreadableError('a sum without an index');
  if (to.kind === 'constant' && to.name === 'infinity')
    return { kind: 'opaque', latex: operation + writtenWithout(cursor, start, name) };
  const bound = `\\bound${heightOf(body)}`;
  return { kind: 'fold', operation, index: bound, from, to, body: bind(body, name, bound) };
}

const nameOf = (index: Node): string | null =>
  index.kind === 'symbol' ? index.name : index.kind === 'constant' && index.name === 'i' ? 'i' : null;

/** Sums inside sums count their indices from the inside, so that the letter chosen makes no difference. */
function heightOf(body: Node): number {
  let height = 0;
  some(body, (part) => {
    if (part.kind === 'fold') height = Math.max(height, Number(part.index.slice('\\bound'.length)) + 1);
    return false;
  });
  return height;
}

const bind = (node: Node, name: string, bound: string): Node =>
  nameOf(node) === name
    ? { kind: 'symbol', name: bound }
    : mapChildren(node, (child) => bind(child, name, bound));

/** The source from a token on, with the index replaced by a sign of its own. */
const writtenWithout = (cursor: Cursor, start: number, index: string): string =>
  cursor.tokens
    .slice(start, cursor.at)
    .map((token) => (token.value === index ? '#' : token.value))
    .join(' ');

/** Integrals, limits and derivatives are kept as they are written: each is equal to itself. The command is already taken. */
export function readOpaque(cursor: Cursor): Node {
  const from = cursor.tokens[cursor.at - 1].from;
  let depth = 0;
  for (let token = peek(cursor); token; token = peek(cursor)) {
    if (['{', '(', '['].includes(token.value)) depth += 1;
    if (['}', ')', ']'].includes(token.value)) depth -= 1;
    if (depth < 0 || (depth === 0 && ['=', ',', ';'].includes(token.value))) break;
    cursor.at += 1;
  }
  return { kind: 'opaque', latex: cursor.source.slice(from, cursor.tokens[cursor.at - 1].to).trim() };
}
