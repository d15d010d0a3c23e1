import { z } from 'zod';
import { above0, section, wholeNumber } from './section.js';

/** An adapter that is trained instead of the model's own weights (`@midtrain/core`'s `withLora`). */
export const loraConfig = section({
  rank: wholeNumber(1).optional().describe('Default 16 (ours).'),
  alpha: above0.optional().describe('The scale is alpha / rank. Default 2·rank (ours).'),
  dropout: z.number().min(0).lt(1).optional().describe('Of the adapters’ inputs, in training. Default 0.'),
  targetModules: z
    .union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('Linear layers by PEFT’s names: q_proj, …, lm_head. Default all-linear: all but lm_head.'),
  rsLora: z.boolean().optional().describe('Scale by alpha / √rank. Default false.'),
  saveMerged: z
    .boolean()
    .default(false)
    .describe('Also write merged/, the model with its adapter merged in.'),
})
  .optional()
  .describe('Train a low-rank adapter over frozen weights, which model/ then holds as PEFT writes it.');
