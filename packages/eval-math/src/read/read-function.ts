import { atCommand, atSign, type Cursor, expectSign, nested, peek, takeSign } from './cursor.js';
import { FUNCTIONS } from './names.js';
import type { Node } from './node.js';
import { readList } from './read-list.js';
import { readPostfix, readScript, startsOperand } from './read-operand.js';

const SYNONYMS: Readonly<Record<string, string>> = {
  asin: 'arcsin',
  acos: 'arccos',
  atan: 'arctan',
  abs: 'absolute',
  lg: 'log',
  sign: 'sgn',
  asinh: 'arcsinh',
  acosh: 'arccosh',
  atanh: 'arctanh',
  arsinh: 'arcsinh',
  arcosh: 'arccosh',
  artanh: 'arctanh',
};
const INVERSES: Readonly<Record<string, string>> = {
  sin: 'arcsin',
  cos: 'arccos',
  tan: 'arctan',
  cot: 'arccot',
  sinh: 'arcsinh',
  cosh: 'arccosh',
  tanh: 'arctanh',
};

/** Reads what follows the name of a known function: its index, power and argument. The name is already taken. */
export function readFunction(cursor: Cursor, written: string): Node {
  let name = Object.hasOwn(SYNONYMS, written) ? SYNONYMS[written] : written;
  const base = written === 'lg' ? ten() : takeSign(cursor, '_') ? readScript(cursor) : null;
  let exponent: Node | null = takeSign(cursor, '^') ? readScript(cursor) : null;
  if (exponent && isMinusOne(exponent) && Object.hasOwn(INVERSES, name)) {
    name = INVERSES[name];
    exponent = null;
  }
  const args = readArguments(cursor);
  if (base) args.push(base);
  const called: Node =
    name === 'absolute' && args.length === 1
      ? { kind: 'absolute', arg: args[0] }
      : { kind: 'call', name, args, known: true };
  return exponent ? { kind: 'power', base: called, exponent } : called;
}

const ten = (): Node => ({ kind: 'number', value: { top: 10n, bottom: 1n }, decimal: false });

const isMinusOne = (node: Node): boolean =>
  node.kind === 'negate' &&
  node.arg.kind === 'number' &&
  node.arg.value.top === 1n &&
  node.arg.value.bottom === 1n;

/** `\sin 2x`, `\sin(2x)`, `\max(1, 2)`: brackets hold the arguments, else the product that follows is the one. */
function readArguments(cursor: Cursor): Node[] {
  if (atSign(cursor, '(') || atSign(cursor, '{') || atSign(cursor, '[')) {
    const close = { '(': ')', '{': '}', '[': ']' }[peek(cursor)!.value]!;
    cursor.at += 1;
    const inside = nested(cursor, () => readList(cursor, '', ''));
    expectSign(cursor, close);
    return inside.kind === 'sequence' && inside.open === '' ? inside.items : [inside];
  }
  if (takeSign(cursor, '-')) return readArguments(cursor).map((arg) => ({ kind: 'negate', arg }));
  const factors = [nested(cursor, () => readPostfix(cursor))];
  while (continuesArgument(cursor, factors)) {
    if (takeSign(cursor, '/')) {
      const top: Node = factors.length === 1 ? factors[0] : { kind: 'multiply', args: factors.slice() };
      factors.splice(0, factors.length, { kind: 'divide', top, bottom: readPostfix(cursor) });
    } else factors.push(readPostfix(cursor));
  }
  return [factors.length === 1 ? factors[0] : { kind: 'multiply', args: factors }];
}

/** `\sin\pi/3` divides inside; `\sin x/2` is left to the product outside. */
function continuesArgument(cursor: Cursor, factors: Node[]): boolean {
  const token = peek(cursor);
  if (!token) return false;
  if (token.value === '/' && token.type === 'sign')
    return factors.some((factor) => factor.kind === 'constant');
  if (!startsOperand(cursor) || token.value === '(' || token.value === '[') return false;
  if (token.type === 'command') return !FUNCTIONS.has(token.value) || atCommand(cursor, 'sqrt');
  return token.type !== 'word' || !FUNCTIONS.has(token.value.toLowerCase());
}
