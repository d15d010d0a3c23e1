import type { PretrainingDocument } from './pretrain.js';

/** Tokens that a document and its thoughts take in a pass. */
function sizeOf({ tokenIds, thoughts = [] }: PretrainingDocument): number {
  return thoughts.reduce(
    (sum, { instruction, tokenIds: thought }) => sum + instruction.length + thought.length,
    tokenIds.length,
  );
}

/** Cuts documents into runs of at most `maxTokens` tokens with their thoughts; a larger document stands alone. */
export function exampleParts(
  documents: readonly PretrainingDocument[],
  maxTokens: number,
): PretrainingDocument[][] {
  const parts: PretrainingDocument[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const document of documents) {
    const size = sizeOf(document);
    if (tokens + size > maxTokens) {
      parts.push([]);
      tokens = 0;
    }
    parts[parts.length - 1].push(document);
    tokens += size;
  }
  return parts;
}
