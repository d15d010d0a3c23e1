import { z } from 'zod';
import { loraConfig } from './lora-config.js';
import { lossConfig } from './loss-config.js';
import { advantageConfig } from './reward-config.js';
import { above0, section, wholeNumber } from './section.js';

/** Fields that every kind of run has. */
export const runFields = {
  seed: wholeNumber(0).default(0).describe('Decides the whole run.'),
  output: z.string().min(1).describe('Folder of the run; relative to this file.'),
  steps: wholeNumber(1).describe('T, all steps.'),
  backend: z.enum(['auto', 'tensorflow', 'webgpu', 'wasm']).default('auto'),
  threads: wholeNumber(1).optional().describe('Default: as many as the machine has.'),
  compute: z
    .enum(['float32', 'bfloat16'])
    .default('float32')
    .describe('Of the layers’ matrix products in updates; bfloat16 on tensorflow only.'),
  checkpoint: section({
    every: wholeNumber(1).default(50).describe('Steps between checkpoints.'),
    keep: wholeNumber(1).default(2).describe('Newest checkpoints that are kept.'),
  })
    .prefault({})
    .describe('The last step is always one.'),
};

/** Whether layers are kept for the backward pass. */
export const recomputeField = z
  .boolean()
  .optional()
  .describe('Compute each layer anew for its gradient: less memory, a third more time. Default false.');

/** Fields of AdamW and of the learning rate's course. */
export const optimiserFields = {
  shape: z.enum(['constant', 'linear', 'cosine']).optional().describe('After the warm-up. Default constant.'),
  warmupSteps: wholeNumber(0).optional().describe('Default 0.'),
  finalLearningRate: z.number().min(0).optional().describe('At the last step, unless constant. Default 0.'),
  weightDecay: z.number().min(0).optional().describe('Default 0.1.'),
  beta1: z.number().min(0).max(1).optional().describe('Default 0.9.'),
  beta2: z.number().min(0).max(1).optional().describe('Default 0.95.'),
  epsilon: above0.optional().describe('Default 1e-8.'),
  clipNorm: above0.optional().describe('Gradients are scaled down to this norm. Default 1.'),
};

/** Fields of every run that learns by reinforcement, mid-training or post-training. */
export const reinforcementFields = {
  model: z.string().min(1).describe('Hugging Face model directory to start from; relative to this file.'),
  lora: loraConfig,
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
};

/** Fields of a batch that say how it is computed, and not what is learnt. */
export const passFields = {
  maxTokensPerPass: wholeNumber(1)
    .optional()
    .describe('Packed tokens of one forward and backward. Default 3072.'),
  recompute: recomputeField,
};

/** How a thought is asked for and marked. */
export const instructionConfig = section({
  template: z.string().optional().describe('With {budget}. Default: the paper’s sentence.'),
  startOfThought: z.string().min(1).optional().describe('A special token of the tokenizer. Default <think>.'),
  endOfThought: z.string().min(1).optional().describe('A special token of the tokenizer. Default </think>.'),
}).prefault({});
