import type { z } from 'zod';
import { completionRewardConfig } from './completion-reward-config.js';
import { evaluationConfig, questionsConfig } from './questions-config.js';
import { above0, section, wholeNumber } from './section.js';
import { passFields, reinforcementFields, runFields } from './shared-config.js';

/** The configuration of `midtrain post-train`. Where the paper publishes a value, it is the default. */
export const postTrainConfig = section({
  ...runFields,
  ...reinforcementFields,
  questions: questionsConfig.prefault({}),
  evaluation: evaluationConfig.prefault({}),
  batch: section({
    questions: wholeNumber(1)
      .default(16)
      .describe('Questions a step; with groupSize the paper’s batch of 128.'),
    groupSize: wholeNumber(2).default(8).describe('G, completions a question (paper).'),
    ...passFields,
  }).prefault({}),
  rollout: section({
    temperature: above0.optional().describe('Sampling temperature. Default 1.'),
    maxNewTokens: wholeNumber(1)
      .default(256)
      .describe('Longest completion, tokens (ours; the paper has 4096).'),
  }).prefault({}),
  reward: completionRewardConfig.prefault({}),
  samples: wholeNumber(0).default(2).describe('Questions of each step that go into rollouts.jsonl.'),
});

export type PostTrainConfig = z.infer<typeof postTrainConfig>;
