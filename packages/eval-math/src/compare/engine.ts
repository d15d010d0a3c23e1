import type { Node } from '../read/node.js';
import { type Comparison, different, type Outcome } from './outcome.js';
import { some } from './walk.js';

/** Whether an expression has parts that only a computer algebra engine can evaluate: integrals, limits. */
export const needsEngine = (node: Node): boolean => some(node, (part) => part.kind === 'opaque');

/** Integrals and limits are equal to themselves only. */
export function engineSaysEqual(_gold: Node, _prediction: Node, _comparison: Comparison): Outcome {
  return different('undecided', 'an integral or limit that is not written the same way');
}
