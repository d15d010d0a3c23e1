import { whole } from '../value/rational.js';
import { atCommand, atSign, type Cursor, peek, takeSign } from './cursor.js';
import type { Node } from './node.js';
import { readArcMinutes, readCompound } from './read-compound.js';
import { readOperand, readPostfix, startsOperand, withPostfix } from './read-operand.js';
import { readUnitTail } from './read-unit.js';

/** Reads terms joined by +, −, ± or ∓. */
export function readSum(cursor: Cursor): Node {
  const terms: Node[] = [readSigned(cursor)];
  for (;;) {
    if (takeSign(cursor, '+')) terms.push(readSigned(cursor));
    else if (takeSign(cursor, '-')) terms.push({ kind: 'negate', arg: readSigned(cursor) });
    else if (atCommand(cursor, 'pm', 'mp')) terms.push(readPlusMinus(cursor));
    else break;
  }
  return terms.length === 1 ? terms[0] : { kind: 'add', args: terms };
}

function readPlusMinus(cursor: Cursor): Node {
  const first = peek(cursor)!.value === 'pm' ? 1 : -1;
  cursor.at += 1;
  return { kind: 'plusMinus', first, arg: readSigned(cursor) };
}

function readSigned(cursor: Cursor): Node {
  let negative = false;
  while (atSign(cursor, '+') || atSign(cursor, '-')) {
    if (atSign(cursor, '-')) negative = !negative;
    cursor.at += 1;
  }
  const term = atCommand(cursor, 'pm', 'mp') ? readPlusMinus(cursor) : readProduct(cursor);
  return negative ? { kind: 'negate', arg: term } : term;
}

/** Reads factors joined by a sign of multiplication, division, or nothing; a unit may follow. */
export function readProduct(cursor: Cursor): Node {
  let left = readPostfix(cursor);
  let plainNumber = left.kind === 'number';
  for (;;) {
    const unit = readUnitTail(cursor, left);
    if (unit) {
      left = unit;
      plainNumber = false;
      continue;
    }
    const compound =
      left.kind === 'quantity'
        ? readCompound(cursor, left)
        : left.kind === 'degrees'
          ? readArcMinutes(cursor, left)
          : null;
    if (compound) {
      left = compound;
      continue;
    }
    if (takeTimes(cursor)) left = product(left, readFactor(cursor));
    else if (takeSign(cursor, '/') || takeCommand(cursor, 'div'))
      left = { kind: 'divide', top: left, bottom: readFactor(cursor) };
    else if (takeCommand(cursor, 'bmod', 'mod'))
      left = { kind: 'call', name: 'mod', args: [left, readFactor(cursor)], known: true };
    else if (startsOperand(cursor)) {
      const mixed = plainNumber ? readMixed(cursor, left) : null;
      if (!mixed && peek(cursor)!.type === 'number' && left.kind === 'number') return left;
      left = mixed ? withPostfix(cursor, mixed) : product(left, readPostfix(cursor));
    } else return left;
    plainNumber = false;
  }
}

/** A factor after a sign may carry its own: `2 * -3`. */
function readFactor(cursor: Cursor): Node {
  if (takeSign(cursor, '-')) return { kind: 'negate', arg: readFactor(cursor) };
  if (takeSign(cursor, '+')) return readFactor(cursor);
  if (atCommand(cursor, 'pm', 'mp')) return readPlusMinus(cursor);
  return readPostfix(cursor);
}

function product(left: Node, right: Node): Node {
  const args = left.kind === 'multiply' && !left.word ? [...left.args, right] : [left, right];
  return { kind: 'multiply', args };
}

function takeTimes(cursor: Cursor): boolean {
  return takeSign(cursor, '*') || takeCommand(cursor, 'times', 'cdot', 'ast', 'bullet', 'cdotp');
}

function takeCommand(cursor: Cursor, ...names: string[]): boolean {
  if (!atCommand(cursor, ...names)) return false;
  cursor.at += 1;
  return true;
}

/** `1\frac{1}{2}` and `1 1/2` are one and a half: a whole number beside a proper fraction of digits. */
function readMixed(cursor: Cursor, left: Node): Node | null {
  if (left.kind !== 'number' || left.decimal || left.value.bottom !== 1n) return null;
  const start = cursor.at;
  const fraction = atCommand(cursor, 'frac') ? readOperand(cursor) : readSlashFraction(cursor);
  if (
    fraction?.kind === 'divide' &&
    fraction.top.kind === 'number' &&
    fraction.bottom.kind === 'number' &&
    !fraction.top.decimal &&
    !fraction.bottom.decimal &&
    fraction.top.value.top < fraction.bottom.value.top
  ) {
    return { kind: 'add', args: [left, fraction] };
  }
  cursor.at = start;
  return null;
}

function readSlashFraction(cursor: Cursor): Node | null {
  const [top, slash, bottom] = [peek(cursor), peek(cursor, 1), peek(cursor, 2)];
  if (top?.type !== 'number' || slash?.value !== '/' || bottom?.type !== 'number' || !top.spaced) return null;
  if (!/^\d{1,9}$/.test(top.value) || !/^\d{1,9}$/.test(bottom.value)) return null;
  cursor.at += 3;
  return { kind: 'divide', top: numberNode(top.value), bottom: numberNode(bottom.value) };
}

const numberNode = (digits: string): Node => ({
  kind: 'number',
  value: whole(BigInt(digits)),
  decimal: false,
});
