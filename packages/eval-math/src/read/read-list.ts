import { atCommand, atSign, type Cursor, nested, peek, UnreadableError } from './cursor.js';
import type { Bracket, Node, RelationOperator } from './node.js';
import { withModulus } from './read-modulus.js';
import { readSum } from './read-sum.js';

const RELATIONS: Readonly<Record<string, RelationOperator>> = {
  '=': '=',
  '==': '=',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '!=': '!=',
};
const RELATION_COMMANDS: Readonly<Record<string, RelationOperator | 'approx'>> = {
  lt: '<',
  gt: '>',
  le: '<=',
  leq: '<=',
  leqslant: '<=',
  leqq: '<=',
  ge: '>=',
  geq: '>=',
  geqslant: '>=',
  geqq: '>=',
  ne: '!=',
  neq: '!=',
  equiv: '=',
  approx: 'approx',
  simeq: 'approx',
  approxeq: 'approx',
  thickapprox: 'approx',
  doteq: 'approx',
  coloneqq: '=',
};
const ARROWS = [
  'Rightarrow',
  'implies',
  'Longrightarrow',
  'therefore',
  'iff',
  'Leftrightarrow',
  'to',
  'rightarrow',
  'longrightarrow',
];

/** Reads items parted by commas, semicolons, "and" or "or" up to a closing sign or the end. */
export function readList(cursor: Cursor, open: Bracket, close: Bracket): Node {
  const items: Node[] = [];
  const joints = new Set<'and' | 'or'>();
  skipSeparators(cursor, new Set());
  while (!atListEnd(cursor) || opensFrench(cursor)) {
    items.push(nested(cursor, () => readRelation(cursor)));
    if (atListEnd(cursor)) break;
    if (!skipSeparators(cursor, joints)) throw new UnreadableError('expected a comma');
  }
  if (open === '' && items.length === 1) return items[0];
  if (items.length === 0 && open !== '{') throw new UnreadableError('empty');
  const [joint] = joints;
  return {
    kind: 'sequence',
    open,
    close,
    items,
    ...(joint ? { joint: joints.size === 2 ? 'both' : joint } : {}),
  };
}

const LIST_ENDS = new Set([')', ']', '}', '\\}', '&', '\\']);

function atListEnd(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (!token) return true;
  if (token.type === 'sign')
    return LIST_ENDS.has(token.value) || (token.value === '|' && cursor.bars > 0) || isClosingSquare(cursor);
  return (
    token.type === 'command' &&
    ['rangle', 'rbrace', 'rbrack', 'rfloor', 'rceil', 'rvert', 'end', 'mid'].includes(token.value)
  );
}

/** A `]` that opens, as in `]a, b[`: nothing stands before it. */
function opensFrench(cursor: Cursor): boolean {
  const before = peek(cursor, -1)?.value;
  return (
    atSign(cursor, ']') &&
    peek(cursor, 1) !== undefined &&
    (before === undefined || before === ',' || before === ';')
  );
}

/** A `[` that closes, as in `]a,b[`: nothing that could open follows. */
export function isClosingSquare(cursor: Cursor): boolean {
  if (!atSign(cursor, '[')) return false;
  const next = peek(cursor, 1);
  return (
    !next ||
    (next.type === 'sign' && [',', ';', ')', ']', '.'].includes(next.value)) ||
    (next.type === 'command' && ['cup', 'cap'].includes(next.value))
  );
}

function skipSeparators(cursor: Cursor, joints: Set<'and' | 'or'>): boolean {
  const start = cursor.at;
  for (let token = peek(cursor); token; token = peek(cursor)) {
    const sign = token.type === 'sign' && (token.value === ',' || token.value === ';');
    const joint = token.type === 'word' && /^(?:and|or)$/i.test(token.value);
    const text = token.type === 'text' && /^[\s,]*(?:(?:and|or)[\s,]*)?$/i.test(token.value);
    const command =
      token.type === 'command' &&
      ['land', 'lor', 'wedge', 'vee', 'and', 'or', 'newline'].includes(token.value);
    if (!sign && !joint && !text && !command) break;
    if (/^(?:lor|vee)$|or/i.test(token.value)) joints.add('or');
    else if (/^(?:land|wedge)$|and/i.test(token.value)) joints.add('and');
    cursor.at += 1;
  }
  return cursor.at > start;
}

/** Reads one item: an expression, a chain of relations, or a membership. */
export function readRelation(cursor: Cursor): Node {
  const operators: Array<RelationOperator | 'approx'> = [];
  let leading = takeRelation(cursor);
  if (leading && leading !== '=' && leading !== 'approx')
    throw new UnreadableError('a relation without a left side');
  const sides = [withModulus(cursor, readSetExpression(cursor))];
  for (;;) {
    if (atCommand(cursor, ...ARROWS)) {
      cursor.at += 1;
      operators.length = 0;
      sides.splice(0, sides.length, readSetExpression(cursor));
      continue;
    }
    if (atCommand(cursor, 'in', 'notin', 'ni') && operators.length === 0) return readMember(cursor, sides[0]);
    leading = takeRelation(cursor);
    if (!leading) break;
    operators.push(leading);
    sides.push(withModulus(cursor, readSetExpression(cursor)));
  }
  return withoutApproximations(operators, sides);
}

function readMember(cursor: Cursor, label: Node): Node {
  const negated = peek(cursor)!.value === 'notin';
  cursor.at += 1;
  return { kind: 'member', label, set: readSetExpression(cursor), negated };
}

function takeRelation(cursor: Cursor): RelationOperator | 'approx' | null {
  const token = peek(cursor);
  if (token?.type === 'command' && token.value === 'not') {
    const next = peek(cursor, 1);
    if (next?.value !== '=') return null;
    cursor.at += 2;
    return '!=';
  }
  const table = token?.type === 'sign' ? RELATIONS : token?.type === 'command' ? RELATION_COMMANDS : null;
  if (!token || !table || !Object.hasOwn(table, token.value)) return null;
  cursor.at += 1;
  return table[token.value] as RelationOperator | 'approx';
}

/** `x = 1/3 ≈ 0.33` states 1/3; a lone `x ≈ 11` states 11. */
function withoutApproximations(operators: Array<RelationOperator | 'approx'>, sides: Node[]): Node {
  const exact = operators.indexOf('approx');
  const cut =
    exact > 0
      ? exact
      : exact === 0 && sides[0].kind !== 'symbol' && sides[0].kind !== 'call'
        ? 0
        : operators.length;
  const kept = operators
    .slice(0, cut)
    .map((operator): RelationOperator => (operator === 'approx' ? '=' : operator));
  if (kept.length === 0) return sides[0];
  return { kind: 'relation', operators: kept, sides: sides.slice(0, cut + 1) };
}

const SET_COMMANDS: Readonly<Record<string, 'union' | 'intersection' | 'difference'>> = {
  cup: 'union',
  bigcup: 'union',
  cap: 'intersection',
  setminus: 'difference',
  backslash: 'difference',
  smallsetminus: 'difference',
};

function readSetExpression(cursor: Cursor): Node {
  let left = readRatio(cursor);
  for (;;) {
    const token = peek(cursor);
    const named =
      token?.type === 'command' && Object.hasOwn(SET_COMMANDS, token.value)
        ? SET_COMMANDS[token.value]
        : null;
    const plain = token && isPlainUnion(cursor, left) ? 'union' : null;
    const operation = named ?? plain ?? logicOperation(cursor, left);
    if (!operation) return left;
    cursor.at += 1;
    left = { kind: 'setOperation', operation, left, right: readRatio(cursor) };
  }
}

const LOGIC: Readonly<Record<string, 'union' | 'intersection'>> = {
  lor: 'union',
  vee: 'union',
  land: 'intersection',
  wedge: 'intersection',
};

/** `p \lor q` obeys the laws of A ∪ B; between equations and inequalities the signs only join them. */
function logicOperation(cursor: Cursor, left: Node): 'union' | 'intersection' | null {
  const token = peek(cursor);
  const operation =
    token?.type === 'command' && Object.hasOwn(LOGIC, token.value) ? LOGIC[token.value] : null;
  const states = cursor.tokens.some(
    ({ type, value }) =>
      (type === 'sign' && Object.hasOwn(RELATIONS, value)) ||
      (type === 'command' && (value === 'in' || Object.hasOwn(RELATION_COMMANDS, value))),
  );
  return operation && !states && (left.kind === 'symbol' || left.kind === 'setOperation') ? operation : null;
}

/** `(1,2) U (3,4)` in plain text. */
function isPlainUnion(cursor: Cursor, left: Node): boolean {
  const token = peek(cursor)!;
  const letter =
    (token.type === 'letter' && token.value === 'U') ||
    (token.type === 'word' && /^union$/i.test(token.value));
  return letter && ['sequence', 'setOperation', 'namedSet'].includes(left.kind);
}

function readRatio(cursor: Cursor): Node {
  const parts = [readSum(cursor)];
  while (atSign(cursor, ':') || atCommand(cursor, 'colon')) {
    cursor.at += 1;
    parts.push(readSum(cursor));
  }
  return parts.length === 1 ? parts[0] : { kind: 'ratio', parts };
}
