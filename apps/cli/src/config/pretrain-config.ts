import { z } from 'zod';
import { coldStartConfig } from './cold-start-config.js';
import { corpusConfig } from './corpus-config.js';
import { loraConfig } from './lora-config.js';
import { above0, section, wholeNumber } from './section.js';
import { optimiserFields, recomputeField, runFields } from './shared-config.js';

const size = wholeNumber(1);

/** A model made from scratch. */
const newModel = section({
  tokenizer: z.string().min(1).describe('Directory with tokenizer.json; relative to this file.'),
  family: z.enum(['llama', 'qwen2', 'qwen3']).default('llama'),
  hiddenSize: size.default(128),
  layers: size.default(4),
  heads: size.default(4),
  keyValueHeads: size.optional().describe('Default heads.'),
  intermediateSize: size.optional().describe('Default 8/3 · hiddenSize, rounded up to a multiple of 32.'),
  maxPositions: size.default(512).describe('Longest sequence, tokens.'),
  tieWordEmbeddings: z.boolean().default(true),
  ropeTheta: above0.default(10_000),
  initializerRange: above0
    .default(0.02)
    .describe('Deviation of the new weights; narrow models learn sooner from about 1/√hiddenSize.'),
});

/** The configuration of `midtrain pretrain`. */
export const pretrainConfig = section({
  ...runFields,
  model: z.string().min(1).optional().describe('Model directory to go on from; relative to this file.'),
  newModel: newModel.optional().describe('A model made from scratch, instead of `model`.'),
  lora: loraConfig,
  corpus: corpusConfig,
  coldStart: coldStartConfig,
  batch: section({
    documents: wholeNumber(1).default(16).describe('Documents a step.'),
    maxTokensPerPass: wholeNumber(1)
      .optional()
      .describe('Tokens of one forward and backward; a step’s passes add up. Default 3072.'),
    recompute: recomputeField,
  }).prefault({}),
  optimiser: section({
    learningRate: z.number().min(0).default(1e-3).describe('Peak learning rate.'),
    ...optimiserFields,
  }).prefault({}),
})
  .refine(({ model, newModel: fresh }) => (model === undefined) !== (fresh === undefined), {
    path: ['model'],
    message: 'expected either model, a directory, or newModel, the shape of a new one',
  })
  .refine(({ lora, newModel: fresh }) => lora === undefined || fresh === undefined, {
    path: ['lora'],
    message: 'expected none with newModel: an adapter lies upon a model that exists',
  });

export type PretrainConfig = z.infer<typeof pretrainConfig>;
