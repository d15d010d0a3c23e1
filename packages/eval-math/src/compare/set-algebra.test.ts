import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Node } from '../read/node.js';
import { equalSetAlgebra } from './set-algebra.js';

type SetOperation = Extract<Node, { kind: 'setOperation' }>;

const { expression } = fc.letrec<{ expression: Node; operation: Node; leaf: Node }>((tie) => ({
  leaf: fc.constantFrom('A', 'B', 'C').map((name): Node => ({ kind: 'symbol', name })),
  operation: fc
    .record({
      operation: fc.constantFrom('union', 'intersection', 'difference'),
      left: tie('expression'),
      right: tie('expression'),
    })
    .map((node): Node => ({ kind: 'setOperation', ...node })),
  expression: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('operation')),
}));

/** The set that an expression denotes where A, B and C are these sets of numbers. */
function members(node: Node, sets: Readonly<Record<string, Set<number>>>): Set<number> {
  if (node.kind === 'symbol') return sets[node.name];
  const { operation, left, right } = node as SetOperation;
  const [a, b] = [members(left, sets), members(right, sets)];
  if (operation === 'union') return new Set([...a, ...b]);
  return new Set([...a].filter((one) => b.has(one) === (operation === 'intersection')));
}

it('agrees with the sets themselves, on sets in general position', () => {
  // Each of the eight regions of three sets holds one number.
  const sets = Object.fromEntries(
    ['A', 'B', 'C'].map((name, bit) => [
      name,
      new Set([0, 1, 2, 3, 4, 5, 6, 7].filter((n) => (n >> bit) & 1)),
    ]),
  );
  fc.assert(
    fc.property(expression, expression, (left, right) => {
      fc.pre(left.kind === 'setOperation' && right.kind === 'setOperation');
      const [a, b] = [members(left, sets), members(right, sets)];
      const same = a.size === b.size && [...a].every((one) => b.has(one));
      expect(equalSetAlgebra(left as SetOperation, right as SetOperation)).toBe(same);
    }),
  );
});
