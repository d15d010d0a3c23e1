import { z } from 'zod';
import { ownComponent } from './component.js';
import { above0, section, share, wholeNumber } from './section.js';

const regularisation = {
  beta: z.number().min(0).optional().describe('Coefficient of the KL term to `reference`. Default 0 (RPT).'),
  klBiasCorrection: z.boolean().optional().describe('Default true, as TRL.'),
  entropyCoefficient: z.number().min(0).optional().describe('Default 0.'),
};
const ratio = {
  ...regularisation,
  importanceSamplingLevel: z
    .enum(['token', 'sequence'])
    .optional()
    .describe('Default token; sequence is GSPO.'),
};
const clip = {
  epsilonLow: share.optional().describe('Default 0.2.'),
  epsilonHigh: z.number().min(0).optional().describe('Default epsilonLow; DAPO uses 0.28.'),
  delta: above0.optional().describe('Two-sided clipping. Default none.'),
};

/** Policy losses of `@midtrain/losses`. */
export const LOSSES = ['grpo', 'bnpo', 'dapo', 'dr_grpo', 'cispo', 'sapo', 'luspo', 'vespo'];

/** L_RL (`@midtrain/losses`, with TRL's names). */
export const lossConfig = z
  .union([
    section({ use: z.enum(['grpo', 'bnpo', 'dapo']).default('grpo'), ...ratio, ...clip }),
    section({ use: z.literal('dr_grpo'), maxCompletionLength: wholeNumber(1), ...ratio, ...clip }),
    section({ use: z.literal('cispo'), epsilonHigh: z.number().min(0).optional(), ...ratio }),
    section({
      use: z.literal('sapo'),
      temperaturePositive: above0.optional(),
      temperatureNegative: above0.optional(),
      ...ratio,
    }),
    section({ use: z.literal('luspo'), ...regularisation, ...clip }),
    section({
      use: z.literal('vespo'),
      kPositive: above0.optional(),
      lambdaPositive: above0.optional(),
      kNegative: above0.optional(),
      lambdaNegative: above0.optional(),
      ...regularisation,
    }),
    ownComponent(LOSSES),
  ])
  .describe('L_RL, by TRL’s names.');
