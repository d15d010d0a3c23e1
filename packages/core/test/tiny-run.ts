import { constantBudget, triangularReward } from '@midtrain/budget';
import { rewardSpreadSignal, seededRandom, tieredCurriculum, uniformInt } from '@midtrain/curriculum';
import { composeRewards, dualObjective, exactMatch, groupAdvantage, policyLoss } from '@midtrain/losses';
import type { MidTrainOptions } from '../src/train/mid-train-options.js';
import { TINY, tinyPolicy } from './tiny-policy.js';

const END_OF_THOUGHT = 7;

/** Documents of random tokens. */
export function tinyDocuments(count = 5) {
  const random = seededRandom(3, 'documents');
  return Array.from({ length: count }, (_, i) => ({
    id: `document-${i}`,
    tokenIds: Int32Array.from({ length: 12 + i }, () => uniformInt(TINY.vocabularySize, random)),
  }));
}

/** What `midTrain` needs for a few small steps, with a difficulty signal that learns. */
export const tinyRun = (changes: Partial<MidTrainOptions> = {}): MidTrainOptions => ({
  policy: changes.policy ?? tinyPolicy(),
  documents: tinyDocuments(),
  tokenizer: { tokenBytes: (id) => Uint8Array.of(id) },
  format: { instruction: () => [1, 2], endOfThought: END_OF_THOUGHT },
  budget: constantBudget({ tokens: 4 }),
  curriculum: tieredCurriculum(),
  difficulty: rewardSpreadSignal(),
  reward: composeRewards({ match: exactMatch(), length: triangularReward() }),
  advantages: groupAdvantage(),
  policyLoss: policyLoss({ type: 'grpo' }),
  objective: dualObjective(),
  totalSteps: 5,
  documentsPerStep: 2,
  positionsPerStep: 6,
  groupSize: 4,
  seed: 11,
  learningRate: () => 1e-2,
  ...changes,
});
