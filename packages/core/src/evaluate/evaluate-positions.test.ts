import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import type { ThoughtFormat } from '../train/thought-format.js';
import { evaluatePositions, type PositionOutcome, type ReasoningOptions } from './evaluate-positions.js';

beforeAll(startBackend);

const documents = [12, 9].map((length, document) => ({
  id: String(document),
  tokenIds: Int32Array.from({ length }, (_, i) => (5 * i + 3 * document) % TINY.vocabularySize),
}));
const positions = [
  { document: 0, position: 4, entropy: 1, tier: 0 },
  { document: 0, position: 9, entropy: 2, tier: 1 },
  { document: 1, position: 3, entropy: 3, tier: 2 },
];
/** The budget is a token of the instruction, so that another budget is another prompt. */
const format: ThoughtFormat = { instruction: (budget) => [budget, 1], endOfThought: 2 };

async function outcomes(reasoning: ReasoningOptions): Promise<PositionOutcome[]> {
  const policy = tinyPolicy(4);
  const all: PositionOutcome[] = [];
  for await (const pass of evaluatePositions({ policy, documents, positions, reasoning })) all.push(...pass);
  return all;
}

describe('evaluatePositions', () => {
  it('gives each position its own budget, as if it had been asked with that one alone', async () => {
    const budgets = [3, 7, 5];
    const each = await outcomes({
      format,
      budget: ({ document, position }) =>
        budgets[positions.findIndex((at) => at.document === document && at.position === position)],
    });
    for (const [i, budget] of budgets.entries()) {
      const alone = (await outcomes({ format, budget }))[i];
      expect(each[i].branch?.tokenIds).toEqual(alone.branch?.tokenIds);
      // The token that would have ended the thought counts, where it did not end it.
      expect(each[i].branch?.thoughtTokenIds.length).toBeLessThanOrEqual(2 * budget + 1);
    }
  });
});
