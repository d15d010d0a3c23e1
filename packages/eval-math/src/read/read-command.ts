import { rational } from '../value/rational.js';
import { atSign, type Cursor, expectSign, nested, peek, takeSign, UnreadableError } from './cursor.js';
import { CAPITALS, FUNCTIONS, GREEK, MARKS, SHAPES } from './names.js';
import type { Node } from './node.js';
import { readFold, readOpaque } from './read-fold.js';
import { readFunction } from './read-function.js';
import { readList } from './read-list.js';
import { readEnvironment } from './read-matrix.js';
import { finishName } from './read-name.js';
import { partLetters, readArgument } from './read-operand.js';
import { readProduct } from './read-sum.js';

const SETS: Readonly<Record<string, Extract<Node, { kind: 'namedSet' }>['name']>> = {
  R: 'reals',
  Z: 'integers',
  N: 'naturals',
  Q: 'rationals',
  C: 'complex',
};
/** Reads an operand that begins with a command. */
export function readCommand(cursor: Cursor): Node {
  const command = peek(cursor)!.value;
  cursor.at += 1;
  if (command === 'sqrt') return readRoot(cursor);
  if (FUNCTIONS.has(command))
    return command === 'binom' ? readBinomial(cursor) : readFunction(cursor, command);
  if (GREEK.has(command) || CAPITALS.includes(command))
    return finishName(cursor, command.replace(/^var/, ''));
  if (MARKS.includes(command)) return readMarked(cursor, command);
  if (SHAPES.includes(command)) return readShape(cursor, command);
  switch (command) {
    case 'frac':
      return readFraction(cursor);
    case 'pi':
      return { kind: 'constant', name: 'pi' };
    case 'infty':
      return { kind: 'constant', name: 'infinity' };
    case 'imath':
    case 'i':
      return { kind: 'constant', name: 'i' };
    case 'Re':
    case 'Im':
      return readFunction(cursor, command.toLowerCase());
    case 'boxed':
    case 'fbox':
      return readArgument(cursor);
    case 'emptyset':
    case 'varnothing':
      return { kind: 'namedSet', name: 'empty' };
    case 'mathbb':
    case 'mathcal':
    case 'mathfrak':
    case 'mathscr':
    case 'boldsymbol':
      return readBlackboard(cursor, command);
    case 'begin':
      return readEnvironment(cursor);
    case 'lfloor':
      return readFenced(cursor, 'rfloor', (arg) => ({
        kind: 'call',
        name: 'floor',
        args: [arg],
        known: true,
      }));
    case 'lceil':
      return readFenced(cursor, 'rceil', (arg) => ({ kind: 'call', name: 'ceil', args: [arg], known: true }));
    case 'lvert':
      return readFenced(cursor, 'rvert', (arg) => ({ kind: 'absolute', arg }));
    case 'lVert':
      return readFenced(cursor, 'rVert', (arg) => ({
        kind: 'call',
        name: 'norm',
        args: [arg],
        known: false,
      }));
    case 'langle':
      return readFenced(cursor, 'rangle', (arg) =>
        arg.kind === 'sequence' && arg.open === ''
          ? { ...arg, open: '<', close: '>' }
          : { kind: 'sequence', open: '<', close: '>', items: [arg] },
      );
    case 'lbrace':
      return readFenced(cursor, 'rbrace', (arg) =>
        arg.kind === 'sequence' && arg.open === ''
          ? { ...arg, open: '{', close: '}' }
          : { kind: 'sequence', open: '{', close: '}', items: [arg] },
      );
    case 'sum':
    case 'prod':
      return readFold(cursor, command === 'sum' ? 'sum' : 'product');
    case 'repeating':
      return readRepeating(cursor);
    case 'ldots':
    case 'dots':
    case 'cdots':
      return { kind: 'symbol', name: '\\dots' };
    case 'int':
    case 'iint':
    case 'oint':
    case 'lim':
    case 'limsup':
    case 'liminf':
      return readOpaque(cursor);
    default:
      return readUnknown(cursor, command);
  }
}

/** An unknown command is a symbol of that name (`\zzz`), unless it only styles what follows. */
function readUnknown(cursor: Cursor, command: string): Node {
  if (atSign(cursor, '{')) return readArgument(cursor);
  if (!/^[a-zA-Z]{1,12}$/.test(command) || ['end', 'item', 'hline', 'right', 'left'].includes(command))
    throw new UnreadableError(`\\${command}`);
  return finishName(cursor, `\\${command}`);
}

function readFraction(cursor: Cursor): Node {
  const start = cursor.at;
  const top = readArgument(cursor, true);
  const bottom = readArgument(cursor, true);
  if (isDerivative(top, bottom)) {
    cursor.at = start;
    return readOpaque(cursor);
  }
  return { kind: 'divide', top, bottom };
}

/** `\frac{d}{dx}` asks for the derivative of what follows. */
const isDerivative = (top: Node, bottom: Node): boolean =>
  top.kind === 'symbol' &&
  /^(?:d|\\partial)$/.test(top.name) &&
  (bottom.kind === 'multiply' || (bottom.kind === 'symbol' && bottom.name.startsWith('\\partial')));

function readBinomial(cursor: Cursor): Node {
  if (atSign(cursor, '(')) return readFunction(cursor, 'binom');
  return {
    kind: 'call',
    name: 'binom',
    args: [readArgument(cursor, true), readArgument(cursor, true)],
    known: true,
  };
}

/** `\sqrt{x}`, `\sqrt[n]{x}`, `\sqrt3`, `sqrt(x)`. */
function readRoot(cursor: Cursor): Node {
  let degree: Node | null = null;
  if (takeSign(cursor, '[')) {
    degree = nested(cursor, () => readProduct(cursor));
    expectSign(cursor, ']');
  }
  partLetters(cursor);
  const arg = readArgument(cursor);
  return { kind: 'call', name: degree ? 'root' : 'sqrt', args: degree ? [arg, degree] : [arg], known: true };
}

/** `\overline{AB}`, `\vec{v}`: one name; over digits the mark is left to the repeating decimals. */
function readMarked(cursor: Cursor, mark: string): Node {
  if (mark === 'overset' || mark === 'stackrel') readArgument(cursor);
  const start = cursor.at;
  const arg = readArgument(cursor);
  const written = cursor.tokens
    .slice(start, cursor.at)
    .filter((token) => !/^[{}]$/.test(token.value))
    .map((token) => token.value.replace('\\', ''))
    .join('');
  if (arg.kind === 'number') throw new UnreadableError('a mark over digits');
  if (mark === 'overarc' || mark === 'wideparen' || /^[A-Z]{2}$/.test(written))
    return { kind: 'symbol', name: written };
  if (mark === 'overline' || mark === 'bar')
    return { kind: 'call', name: 'conjugate', args: [arg], known: arg.kind !== 'symbol' };
  return /^[a-zA-Z]\w*$/.test(written) ? finishName(cursor, written) : arg;
}

/** `\angle ABC`, `\triangle ABC`: a name made of the letters that follow. */
function readShape(cursor: Cursor, shape: string): Node {
  let name = `\\${shape === 'measuredangle' ? 'angle' : shape}`;
  for (
    let token = peek(cursor);
    token && (token.type === 'letter' || token.type === 'word');
    token = peek(cursor)
  ) {
    name += token.value.replace('\\', '');
    cursor.at += 1;
  }
  return { kind: 'symbol', name };
}

function readBlackboard(cursor: Cursor, command: string): Node {
  const start = cursor.at;
  takeSign(cursor, '{');
  const letter = peek(cursor)?.value ?? '';
  cursor.at += 1;
  if (cursor.tokens[start]?.value === '{') expectSign(cursor, '}');
  const name = letter.replace('\\', '');
  if (command === 'mathbb' && Object.hasOwn(SETS, name)) {
    if (atSign(cursor, '^') || atSign(cursor, '_')) throw new UnreadableError('a space of numbers');
    return { kind: 'namedSet', name: SETS[name] };
  }
  return finishName(cursor, name);
}

function readFenced(cursor: Cursor, close: string, build: (inside: Node) => Node): Node {
  const bars = cursor.bars;
  cursor.bars = 0;
  const inside = nested(cursor, () => readList(cursor, '', ''));
  cursor.bars = bars;
  const token = peek(cursor);
  if (token?.type !== 'command' || token.value !== close) throw new UnreadableError(`expected \\${close}`);
  cursor.at += 1;
  return build(inside);
}

/** `\repeating{0}{1}{6}`, as the normaliser writes 0.1666…. */
function readRepeating(cursor: Cursor): Node {
  const [head, still, cycle] = [0, 1, 2].map(() => {
    expectSign(cursor, '{');
    const digits = atSign(cursor, '}') ? '' : peek(cursor)!.value;
    if (digits !== '') cursor.at += 1;
    expectSign(cursor, '}');
    return digits;
  });
  const nines = 10n ** BigInt(cycle.length) - 1n;
  const scale = 10n ** BigInt(still.length);
  const fixed = BigInt(head + still || '0');
  return { kind: 'number', value: rational(fixed * nines + BigInt(cycle), nines * scale)!, decimal: false };
}
