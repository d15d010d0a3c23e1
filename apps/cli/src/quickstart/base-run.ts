import { budgetInstruction } from '@midtrain/budget';
import { thoughtFormat } from '@midtrain/core';
import { seededRandom } from '@midtrain/curriculum';
import type { TrainConfig } from '../config/train-config.js';
import type { DocumentSource } from '../run/pretrain-run.js';
import { coldStart } from './cold-start.js';
import { ASSETS } from './stages.js';
import { readWorkedProblems } from './worked-problems.js';

/** The cold start's figures (ours): enough to learn the form, too little to keep to a budget. */
export const COLD_START = {
  share: 1,
  perDocument: 6,
  draftTokens: [1, 8],
  overthought: { share: 0.3, tokens: [16, 44] },
} as const;

/**
 * Training problems, of which a share carries examples of thoughts.
 *
 * @param rmt the mid-training to come: the examples name its budgets in its words
 * @param read the problems; default GSM8K's
 */
export const coldStartDocuments =
  (
    rmt: Pick<TrainConfig, 'budget' | 'instruction'>,
    read = () => readWorkedProblems(ASSETS, 'train'),
  ): DocumentSource =>
  async ({ tokenizer }, { config }) => {
    const { initialTokens = 1, decay = 1 } = rmt.budget as { initialTokens?: number; decay?: number };
    const { template } = rmt.instruction;
    return coldStart(await read(), {
      ...COLD_START,
      tokenizer,
      format: thoughtFormat({ tokenizer, instruction: budgetInstruction({ template }) }),
      budgets: [Math.floor(initialTokens * decay), initialTokens],
      maxTokens: config.corpus.maxTokens ?? Number.POSITIVE_INFINITY,
      random: seededRandom(config.seed, 'cold start'),
    });
  };
