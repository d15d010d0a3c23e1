import type { RolloutPosition } from './rollout-contract.js';

/**
 * A whole prompt as a position of the tree: the prompt is the document, and its last token, from which the first new
 * one is predicted, is the instruction.
 *
 * @param prompt at least one token
 */
export function promptPosition(
  prompt: Int32Array,
  document: number,
): Omit<RolloutPosition, 'maxThoughtTokens'> {
  const position = prompt.length - 1;
  return { document, position, instruction: [prompt[position]] };
}
