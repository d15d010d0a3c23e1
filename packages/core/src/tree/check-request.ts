import type { CompletionRequest } from './completion-contract.js';
import type { TreePosition } from './pack-tree.js';
import { RequestError } from './request-error.js';
import type { RolloutRequest } from './rollout-contract.js';

/** @throws {RequestError} unless the value is a whole number of at least `from` */
export function requireWhole(field: string, value: number, from: number): void {
  if (Number.isSafeInteger(value) && value >= from) return;
  throw new RequestError(`${field}: expected a whole number of at least ${from}, got ${value}`);
}

/** @throws {RequestError} for a prompt without a token: nothing would predict the first new one */
export function requirePrompt(field: string, { length }: ArrayLike<number>): void {
  if (length === 0) throw new RequestError(`${field}: expected at least one token, got none`);
}

/** @throws {RequestError} for a position that is not in its document, or without a token that predicts the first new one */
export function requirePosition(
  field: string,
  { document, position, instruction }: Pick<TreePosition, 'document' | 'position' | 'instruction'>,
  documents: readonly ArrayLike<number>[],
): void {
  if (!(document in documents)) {
    throw new RequestError(
      `${field}.document: expected one of ${documents.length} documents, got ${document}`,
    );
  }
  const { length } = documents[document];
  if (!Number.isSafeInteger(position) || position < 0 || position > length) {
    throw new RequestError(
      `${field}.position: expected a whole number from 0 to ${length}, the document's length, got ${position}`,
    );
  }
  if (instruction.length === 0) {
    throw new RequestError(
      `${field}.instruction: expected at least one token, such as <think>, got none: a thought's first token is predicted from it`,
    );
  }
}

/**
 * Lets a request for rollouts pass that can be met.
 *
 * @throws {RequestError} that names the field
 */
export function checkRollout(
  { positions, groupSize, predictionTokens = 1 }: RolloutRequest,
  documents: readonly ArrayLike<number>[],
): void {
  requireWhole('groupSize', groupSize, 1);
  requireWhole('predictionTokens', predictionTokens, 1);
  positions.forEach((position, i) => {
    requirePosition(`positions[${i}]`, position, documents);
    requireWhole(`positions[${i}].maxThoughtTokens`, position.maxThoughtTokens, 0);
  });
}

/**
 * Lets a request for completions pass that can be met.
 *
 * @throws {RequestError} that names the field
 */
export function checkCompletions({ prompts, groupSize, maxNewTokens }: CompletionRequest): void {
  requireWhole('groupSize', groupSize, 1);
  requireWhole('maxNewTokens', maxNewTokens, 1);
  prompts.forEach((prompt, i) => {
    requirePrompt(`prompts[${i}]`, prompt);
  });
}
