import type { Node } from '../read/node.js';
import { mapChildren, some } from '../read/walk.js';

/** An answer with more signs than this is compared by form alone. */
export const MAX_SIGNS = 6;

/** Whether ± or ∓ occurs. */
export const hasPlusMinus = (node: Node): boolean => some(node, (part) => part.kind === 'plusMinus');

/**
 * Every expression that ± and ∓ stand for. With a ∓ in it the upper signs go together and the lower signs go together;
 * otherwise each ± is free.
 */
export function expandPlusMinus(node: Node): Node[] {
  const linked = some(node, (part) => part.kind === 'plusMinus' && part.first === -1);
  const count = linked ? 1 : countSigns(node);
  if (count > MAX_SIGNS) throw new RangeError(`more than ${MAX_SIGNS} signs`);
  return Array.from({ length: 2 ** count }, (_, choice) => {
    let position = 0;
    const choose = (part: Node): Node => {
      if (part.kind !== 'plusMinus') return mapChildren(part, choose);
      const bit = linked ? 0 : position++;
      const upper = ((choice >> bit) & 1) === 0;
      const arg = choose(part.arg);
      return upper === (part.first === 1) ? arg : { kind: 'negate', arg };
    };
    return choose(node);
  });
}

/** How many ± and ∓ occur. */
export function countSigns(node: Node): number {
  let count = 0;
  some(node, (part) => {
    if (part.kind === 'plusMinus') count += 1;
    return false;
  });
  return count;
}
