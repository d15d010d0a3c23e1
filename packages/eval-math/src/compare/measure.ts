import type { Node } from '../read/node.js';
import { some } from '../read/walk.js';
import { rational } from '../value/rational.js';

/** A value with its kind of unit: `arg` times top/bottom base units of `dimension`; `''` is no unit. */
export interface Measure {
  readonly arg: Node;
  readonly dimension: string;
  readonly top: bigint;
  readonly bottom: bigint;
}

const bare = (arg: Node): Measure => ({ arg, dimension: '', top: 1n, bottom: 1n });

/** `arg` times a fraction. */
export const scale = (arg: Node, top: bigint, bottom: bigint): Node =>
  top === bottom
    ? arg
    : { kind: 'multiply', args: [arg, { kind: 'number', value: rational(top, bottom)!, decimal: false }] };

/** Whether a sum, product, quotient or power has a part with a unit, a percent or a degree sign. */
export function isMeasured(node: Node): boolean {
  switch (node.kind) {
    case 'quantity':
    case 'degrees':
    case 'percent':
      return true;
    case 'negate':
      return isMeasured(node.arg);
    case 'add':
    case 'multiply':
      return node.args.some(isMeasured);
    case 'divide':
      return isMeasured(node.top) || isMeasured(node.bottom);
    case 'power':
      return isMeasured(node.base);
    default:
      return false;
  }
}

/** The value and unit of an expression in quantities, or `null` where its units do not go together (5 cm + 6 kg). */
export function measureOf(node: Node): Measure | null {
  switch (node.kind) {
    case 'quantity':
      return measuredBy(node);
    case 'degrees':
      return { arg: node.arg, dimension: 'angle', top: 1n, bottom: 1n };
    case 'percent':
      return { arg: node.arg, dimension: 'percent', top: 1n, bottom: 100n };
    case 'negate': {
      const measure = measureOf(node.arg);
      return measure && { ...measure, arg: { kind: 'negate', arg: measure.arg } };
    }
    case 'add':
      return sumOf(node.args);
    case 'multiply':
      return node.args.map(factorOf).reduce((left, right) => left && right && productOf(left, right));
    case 'divide': {
      const [top, bottom] = [factorOf(node.top), factorOf(node.bottom)];
      return top && bottom && quotientOf(top, bottom);
    }
    case 'power':
      return isMeasured(node.base) ? powerOf(node) : bare(node);
    default:
      return bare(node);
  }
}

/** A unit behind a product belongs to its last factor: 5 m · 6 m. */
function measuredBy({ arg, unit }: Extract<Node, { kind: 'quantity' }>): Measure | null {
  if (!isMeasured(arg)) return { arg, dimension: unit.dimension, top: unit.top, bottom: unit.bottom };
  const inner = arg.kind === 'multiply' ? measureOf(arg) : null;
  return inner && productOf(inner, { ...unit, arg: ONE });
}

const ONE: Node = { kind: 'number', value: rational(1n)!, decimal: false };

/** Inside a product a percentage is a fraction. */
const factorOf = (node: Node): Measure | null =>
  node.kind === 'percent' || (node.kind === 'negate' && node.arg.kind === 'percent')
    ? bare(node)
    : measureOf(node);

/** Terms of one kind of unit; a term without one is taken in the unit of the others. */
function sumOf(args: Node[]): Measure | null {
  const parts = args.map(measureOf);
  const unit = parts.find((part) => part && part.dimension !== '');
  if (!unit) return bare({ kind: 'add', args });
  const terms: Node[] = [];
  for (const part of parts) {
    if (!part || (part.dimension !== '' && part.dimension !== unit.dimension)) return null;
    terms.push(
      part.dimension === '' ? part.arg : scale(part.arg, part.top * unit.bottom, part.bottom * unit.top),
    );
  }
  return { ...unit, arg: { kind: 'add', args: terms } };
}

function productOf(left: Measure, right: Measure): Measure {
  return {
    arg: { kind: 'multiply', args: [left.arg, right.arg] },
    dimension: productDimension(left.dimension, right.dimension),
    top: left.top * right.top,
    bottom: left.bottom * right.bottom,
  };
}

function productDimension(left: string, right: string): string {
  const pair = [left, right].filter((name) => name !== '').sort();
  if (pair.length < 2) return pair[0] ?? '';
  const [first, second] = pair;
  if (first === 'length' && second === 'length') return 'area';
  if (first === 'area' && second === 'length') return 'volume';
  if (first === 'speed' && second === 'time') return 'length';
  return pair.join('*');
}

function quotientOf(top: Measure, bottom: Measure): Measure {
  const dimension =
    bottom.dimension === ''
      ? top.dimension
      : top.dimension === bottom.dimension
        ? ''
        : top.dimension === 'length' && bottom.dimension === 'time'
          ? 'speed'
          : `${top.dimension}/${bottom.dimension}`;
  const [up, down] = [top.top * bottom.bottom, top.bottom * bottom.top];
  const arg: Node = { kind: 'divide', top: top.arg, bottom: bottom.arg };
  return dimension === '' ? bare(scale(arg, up, down)) : { arg, dimension, top: up, bottom: down };
}

/** A quantity to the power of 2 or 3. */
function powerOf(node: Extract<Node, { kind: 'power' }>): Measure | null {
  const base = measureOf(node.base);
  const exponent = node.exponent.kind === 'number' ? node.exponent.value : null;
  if (!base || exponent?.bottom !== 1n || (exponent.top !== 2n && exponent.top !== 3n)) return null;
  const square = productOf(base, base);
  return exponent.top === 2n ? square : productOf(square, base);
}

/** Whether a value without a unit is an angle in radians: it has π in it, or an inverse trigonometric function. */
export const isAngular = (node: Node): boolean =>
  some(
    node,
    (part) =>
      (part.kind === 'constant' && part.name === 'pi') ||
      (part.kind === 'call' && /^arc[a-z]{3}$/.test(part.name)),
  );
