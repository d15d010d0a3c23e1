import { z } from 'zod';
import { ownComponent } from './component.js';
import { section, share, wholeNumber } from './section.js';

const draws = {
  replacement: z.enum(['with', 'without']).optional().describe('Default without.'),
  whenShort: z.enum(['fewer', 'error']).optional().describe('Where too few can be drawn. Default fewer.'),
};
const names = z.array(z.string().min(1)).min(1).optional();
const probabilities = z.array(share).min(1).optional();

const tiers = z.union([
  section({
    by: z.literal('thresholds').default('thresholds'),
    thresholds: z.array(z.number()).optional().describe('Rising, nats. Default 0.5, 1.0, 1.5 (RPT).'),
    names,
  }),
  section({
    by: z.literal('quantiles'),
    quantiles: z.array(z.number()).optional().describe('Rising, in 0..1. Default 1/3, 2/3.'),
    names,
  }),
]);

/** Curricula of `@midtrain/curriculum`. */
export const CURRICULA = ['tiered', 'uniform', 'entropy-filter'];
/** Difficulty signals of `@midtrain/curriculum`. */
export const DIFFICULTIES = ['entropy', 'loss', 'reward-spread'];

/** Which positions are drawn (`@midtrain/curriculum`). */
export const curriculumConfig = z
  .union([
    section({
      use: z.literal('tiered').default('tiered'),
      tiers: tiers.prefault({}),
      schedule: section({
        from: probabilities.describe('p_1, one a tier. Default 0.45, 0.45, 0.10 (ours).'),
        to: probabilities.describe('p_2, one a tier. Default 0.10, 0.20, 0.70 (ours).'),
        start: share.optional().describe('t_1 as a share of the run. Default 0.3 (paper).'),
        end: share.optional().describe('t_2 as a share of the run. Default 0.7 (paper).'),
      }).prefault({}),
      whenEmpty: z.enum(['renormalise', 'nearest', 'error']).optional().describe('Default renormalise.'),
      ...draws,
    }),
    section({
      use: z.literal('uniform'),
      tiers: tiers.optional().describe('For the report alone. Default: one tier of all.'),
      ...draws,
    }),
    section({
      use: z.literal('entropy-filter'),
      minEntropy: z.number().min(0).optional().describe('Nats. Default 0.5 (RPT).'),
      ...draws,
    }),
    ownComponent(CURRICULA),
  ])
  .describe('Which positions the policy thinks at.');

/** What makes a token hard. */
export const difficultyConfig = z
  .union([
    section({
      use: z.enum(['entropy', 'loss']).default('entropy'),
      refreshEvery: wholeNumber(1)
        .optional()
        .describe('Steps between measurements of a document. Default 1.'),
    }),
    section({
      use: z.literal('reward-spread'),
      scale: z.number().positive().optional().describe('Factor on the spread. Default 1.'),
      keep: z.number().positive().max(1).optional().describe('Weight left to earlier rewards. Default 1.'),
    }),
    ownComponent(DIFFICULTIES),
  ])
  .describe('What makes a token hard: entropy (paper), its own loss, or the spread of past rewards.');
