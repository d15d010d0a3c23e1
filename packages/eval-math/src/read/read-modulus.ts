import { exactValue } from '../value/exact.js';
import { divide, floor, isWhole, multiply, subtract, whole } from '../value/rational.js';
import { atCommand, type Cursor } from './cursor.js';
import type { Node } from './node.js';
import { readArgument } from './read-operand.js';

/** The name under which a class of remainders is kept: `3 \\pmod 7` is the call of it with 3 and 7. */
export const RESIDUE = '\\residue';

/** The side of a congruence with the modulus that follows it, if one does; a whole number becomes its least remainder. */
export function withModulus(cursor: Cursor, side: Node): Node {
  if (!atCommand(cursor, 'pmod', 'pod')) return side;
  cursor.at += 1;
  const modulus = readArgument(cursor);
  return { kind: 'call', name: RESIDUE, args: [leastRemainder(side, modulus), modulus], known: false };
}

function leastRemainder(side: Node, modulus: Node): Node {
  const [value, by] = [exactValue(side), exactValue(modulus)];
  if (!value || !by || !isWhole(value) || !isWhole(by) || by.top < 1n) return side;
  const times = floor(divide(value, by)!);
  return { kind: 'number', value: subtract(value, multiply(by, whole(times))), decimal: false };
}
