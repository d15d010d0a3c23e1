import type { Rational } from '../value/rational.js';
import type { Unit } from './units.js';

/** How two sides of a relation stand to each other. */
export type RelationOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What a bracket pair means before its use decides: `''` is a list without brackets, `{}` an explicit set. */
export type Bracket = '' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>';

/** What stands between the items of a list besides commas. */
type Joint = 'and' | 'or' | 'both';

/** A written answer as a tree: what {@link readMath} returns and the comparison walks. */
export type Node =
  | { kind: 'number'; value: Rational; decimal: boolean }
  | { kind: 'symbol'; name: string }
  | { kind: 'constant'; name: 'pi' | 'e' | 'i' | 'infinity' | 'phi' }
  | { kind: 'add'; args: Node[] }
  | { kind: 'multiply'; args: Node[]; word?: string }
  | { kind: 'divide'; top: Node; bottom: Node }
  | { kind: 'power'; base: Node; exponent: Node }
  | { kind: 'negate'; arg: Node }
  | { kind: 'plusMinus'; first: 1 | -1; arg: Node }
  | { kind: 'call'; name: string; args: Node[]; known: boolean }
  | { kind: 'fold'; operation: 'sum' | 'product'; index: string; from: Node; to: Node; body: Node }
  | { kind: 'percent'; arg: Node }
  | { kind: 'degrees'; arg: Node }
  | { kind: 'quantity'; arg: Node; unit: Unit }
  | { kind: 'based'; digits: string; base: number; value: Rational }
  /** `padded`: with a zero in front of its hours or minutes, as no ratio is written. */
  | { kind: 'clock'; minutes: number; seconds: number; half: 'am' | 'pm' | ''; padded: boolean; ratio: Node }
  | { kind: 'date'; year: number | null; month: number; day: number }
  | { kind: 'ratio'; parts: Node[] }
  | { kind: 'sequence'; open: Bracket; close: Bracket; items: Node[]; joint?: Joint }
  | { kind: 'relation'; operators: RelationOperator[]; sides: Node[] }
  | { kind: 'member'; label: Node; set: Node; negated: boolean }
  | { kind: 'setOperation'; operation: 'union' | 'intersection' | 'difference'; left: Node; right: Node }
  | { kind: 'namedSet'; name: 'empty' | 'reals' | 'integers' | 'naturals' | 'rationals' | 'complex' }
  | { kind: 'matrix'; rows: Node[][] }
  | { kind: 'absolute'; arg: Node }
  | { kind: 'opaque'; latex: string }
  | { kind: 'text'; text: string };
