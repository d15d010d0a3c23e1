import { z } from 'zod';
import { completionRewardConfig } from './completion-reward-config.js';
import { loraConfig } from './lora-config.js';
import { lossConfig } from './loss-config.js';
import { evaluationConfig, questionsConfig } from './questions-config.js';
import { advantageConfig } from './reward-config.js';
import { above0, section, wholeNumber } from './section.js';
import { optimiserFields, recomputeField, runFields } from './shared-config.js';

/** The configuration of `midtrain post-train`. Where the paper publishes a value, it is the default. */
export const postTrainConfig = section({
  ...runFields,
  model: z.string().min(1).describe('Hugging Face model directory to start from; relative to this file.'),
  lora: loraConfig,
  questions: questionsConfig.prefault({}),
  evaluation: evaluationConfig.prefault({}),
  batch: section({
    questions: wholeNumber(1)
      .default(16)
      .describe('Questions a step; with groupSize the paper’s batch of 128.'),
    groupSize: wholeNumber(2).default(8).describe('G, completions a question (paper).'),
    maxTokensPerPass: wholeNumber(1)
      .optional()
      .describe('Packed tokens of one forward and backward. Default 16384.'),
    recompute: recomputeField,
  }).prefault({}),
  rollout: section({
    temperature: above0.optional().describe('Sampling temperature. Default 1.'),
    maxNewTokens: wholeNumber(1)
      .default(256)
      .describe('Longest completion, tokens (ours; the paper has 4096).'),
  }).prefault({}),
  reward: completionRewardConfig.prefault({}),
  advantage: advantageConfig.prefault({}),
  loss: lossConfig.prefault({}),
  reference: z
    .string()
    .min(1)
    .optional()
    .describe('Model directory of the KL term. Default: `model`, where beta > 0.'),
  optimiser: section({
    learningRate: z.number().min(0).default(1e-6).describe('Peak learning rate. Default 1e-6 (paper).'),
    ...optimiserFields,
  }).prefault({}),
  samples: wholeNumber(0).default(2).describe('Questions of each step that go into rollouts.jsonl.'),
});

export type PostTrainConfig = z.infer<typeof postTrainConfig>;
