import { type Rational, rational } from '../value/rational.js';
import { type Cursor, peek, takeSign } from './cursor.js';
import type { Node } from './node.js';
import { readPostfix } from './read-operand.js';
import { readUnitTail } from './read-unit.js';
import type { Unit } from './units.js';

type Quantity = Extract<Node, { kind: 'quantity' }>;

const number = (value: Rational): Node => ({ kind: 'number', value, decimal: false });

/** `5 feet 6 inches`, `3 hours and 20 minutes`: a smaller unit of the same kind behind a quantity is added to it. */
export function readCompound(cursor: Cursor, larger: Quantity): Quantity | null {
  const start = cursor.at;
  const joint = peek(cursor);
  if (joint && /^[\s,]*and[\s,]*$/.test(joint.value) && (joint.type === 'text' || joint.type === 'word'))
    cursor.at += 1;
  const smaller = peek(cursor)?.type === 'number' ? readQuantity(cursor) : null;
  if (smaller && isPartOf(smaller.unit, larger.unit)) return joined(larger, smaller);
  cursor.at = start;
  return null;
}

function readQuantity(cursor: Cursor): Quantity | null {
  const value = readPostfix(cursor);
  const measured = value.kind === 'number' ? readUnitTail(cursor, value) : null;
  return measured?.kind === 'quantity' ? measured : null;
}

const isPartOf = (small: Unit, large: Unit): boolean =>
  small.dimension === large.dimension &&
  !small.dimension.startsWith('noun:') &&
  small.top * large.bottom < large.top * small.bottom;

/** The whole in the smaller unit. */
function joined(larger: Quantity, smaller: Quantity): Quantity {
  const times = rational(larger.unit.top * smaller.unit.bottom, larger.unit.bottom * smaller.unit.top)!;
  const scaled: Node = { kind: 'multiply', args: [larger.arg, number(times)] };
  return { kind: 'quantity', arg: { kind: 'add', args: [scaled, smaller.arg] }, unit: smaller.unit };
}

/** `30° 15' 20''`: minutes and seconds of arc behind whole degrees are added to them. */
export function readArcMinutes(cursor: Cursor, degrees: Extract<Node, { kind: 'degrees' }>): Node | null {
  let arg = degrees.arg;
  for (const [marks, parts] of [
    [1, 60],
    [2, 3600],
  ] as const) {
    const start = cursor.at;
    const value = peek(cursor)?.type === 'number' ? peek(cursor)!.value : null;
    if (value === null || !/^\d{1,2}$/.test(value)) continue;
    cursor.at += 1;
    let seen = 0;
    while (takeSign(cursor, "'")) seen += 1;
    if (seen === marks) arg = { kind: 'add', args: [arg, number(rational(BigInt(value), BigInt(parts))!)] };
    else cursor.at = start;
  }
  return arg === degrees.arg ? null : { kind: 'degrees', arg };
}
