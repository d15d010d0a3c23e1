import { z } from 'zod';
import { ownComponent } from './component.js';
import { section, share, wholeNumber } from './section.js';

const tokens = wholeNumber(1);
const exponential = {
  initialTokens: tokens.optional().describe('B_0, tokens. Default 800 (paper).'),
  decay: share.optional().describe('γ, what is left of B_0 at the end. Default 0.2 (paper).'),
  minTokens: tokens.optional().describe('B_min, tokens. Default 1 (paper).'),
};
const interpolated = {
  initialTokens: tokens.optional().describe('Tokens at the first step. Default 800.'),
  finalTokens: tokens.optional().describe('Tokens at the end. Default 160.'),
};

/** Budgets of `@midtrain/budget`. */
export const BUDGETS = ['exponential', 'constant', 'linear', 'cosine', 'adaptive'];

/** How many tokens a thought may take (`@midtrain/budget`). */
export const budgetConfig = z
  .union([
    section({ use: z.literal('exponential').default('exponential'), ...exponential }),
    section({ use: z.literal('constant'), tokens }),
    section({ use: z.literal('linear'), ...interpolated }),
    section({ use: z.literal('cosine'), ...interpolated }),
    section({
      use: z.literal('adaptive'),
      ...exponential,
      easiestScale: z
        .number()
        .min(0)
        .max(2)
        .optional()
        .describe('Factor at the easiest position. Default 0.5.'),
      hardestScale: z.number().min(0).optional().describe('Factor at the hardest. Default 2 − easiestScale.'),
      maxTokens: tokens.optional(),
    }),
    ownComponent(BUDGETS),
  ])
  .describe('How many tokens a thought may take, B_t.');
