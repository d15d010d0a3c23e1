import { z } from 'zod';
import { ownComponent } from './component.js';
import { section, wholeNumber } from './section.js';

/** Rewards of completions that come along. */
export const COMPLETION_REWARDS = ['math'];

/** What a completion is worth: accuracyWeight · accuracy + formatWeight · format (`@midtrain/eval-math`). */
export const completionRewardConfig = z
  .union([
    section({
      use: z.literal('math').default('math'),
      accuracyWeight: z.number().min(0).optional().describe('What a right answer is worth. Default 1.'),
      formatWeight: z.number().min(0).optional().describe('What the form is worth. Default 0.1 (ours).'),
      format: z
        .enum(['boxed', 'think', 'gsm8k'])
        .optional()
        .describe(
          'One \\boxed{}; think: also <think>…</think> before it; gsm8k: a last line "#### answer". Default boxed.',
        ),
      extract: z
        .array(z.enum(['latex', 'expr', 'string']))
        .min(1)
        .optional()
        .describe('Kinds of answers that are read. Default latex, expr.'),
      precision: wholeNumber(0).max(50).optional().describe('Decimal places compared. Default 6.'),
      strict: z.boolean().optional().describe('Default true.'),
      allowSetRelation: z.boolean().optional().describe('Default false.'),
      startsInThought: z
        .boolean()
        .optional()
        .describe(
          'Whether the prompt opens a thought, so that an answer counts behind </think> alone. Default: where questions.prompt ends with <think>.',
        ),
    }),
    ownComponent(COMPLETION_REWARDS),
  ])
  .describe('What a completion is worth.');
