import { z } from 'zod';
import { budgetConfig } from './budget-config.js';
import { corpusConfig } from './corpus-config.js';
import { curriculumConfig, difficultyConfig } from './curriculum-config.js';
import { rewardConfig } from './reward-config.js';
import { section, wholeNumber } from './section.js';
import { instructionConfig, passFields, reinforcementFields, runFields } from './shared-config.js';

/** The configuration of `midtrain train`. Where the paper publishes a value, it is the default. */
export const trainConfig = section({
  ...runFields,
  ...reinforcementFields,
  corpus: corpusConfig,
  batch: section({
    documents: wholeNumber(1).default(16).describe('Documents a step (ours).'),
    positions: wholeNumber(1)
      .default(128)
      .describe('|C|, positions a step over all documents (paper: batch 128).'),
    groupSize: wholeNumber(1).default(8).describe('G, branches a position (paper).'),
    ...passFields,
  }).prefault({}),
  rollout: section({
    temperature: z
      .number()
      .positive()
      .optional()
      .describe('Sampling temperature, above 0: branches that are all alike teach nothing. Default 1.'),
    predictionTokens: wholeNumber(1).optional().describe('Tokens predicted after a thought. Default 1.'),
    thoughtLimit: z
      .number()
      .positive()
      .default(2)
      .describe('A thought is cut off at this many times its budget; the paper’s length reward ends at 2.'),
  }).prefault({}),
  instruction: instructionConfig,
  budget: budgetConfig.prefault({}),
  curriculum: curriculumConfig.prefault({}),
  difficulty: difficultyConfig.prefault({}),
  reward: rewardConfig.prefault({}),
  lambda: z.number().min(0).optional().describe('λ in L = L_RL + λ·L_NTP. Default 0.1 (paper).'),
  samples: wholeNumber(0).default(4).describe('Positions of each step that go into rollouts.jsonl.'),
});

export type TrainConfig = z.infer<typeof trainConfig>;
