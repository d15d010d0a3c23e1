import { z } from 'zod';
import { ownComponent } from './component.js';
import { above0, section, share, wholeNumber } from './section.js';

const maxReward = above0.optional().describe('Default 1.');
const alpha = above0.optional().describe('A token off the budget. Default 0.0003 (L1).');

/** Matching rewards of `@midtrain/losses`. */
export const MATCHES = ['exact', 'prefix', 'prefix-share'];
/** Length rewards of `@midtrain/budget`. */
export const LENGTHS = ['triangular', 'cap', 'linear-penalty', 'lcpo-exact', 'lcpo-max'];
/** Advantage estimators of `@midtrain/losses`. */
export const ADVANTAGES = ['group'];

const match = z.union([
  section({
    use: z
      .enum(['exact', 'prefix'])
      .default('exact')
      .describe('exact: the next token (paper). prefix: RPT’s byte prefix.'),
  }),
  section({ use: z.literal('prefix-share'), unit: z.enum(['byte', 'token']).optional() }),
  ownComponent(MATCHES),
]);

const length = z.union([
  section({ use: z.literal('triangular').default('triangular'), maxReward }),
  section({ use: z.literal('cap'), maxReward }),
  section({
    use: z.literal('linear-penalty'),
    cacheTokens: wholeNumber(1).optional(),
    maxPenalty: above0.optional(),
  }),
  section({ use: z.literal('lcpo-exact'), alpha }),
  section({ use: z.literal('lcpo-max'), alpha, delta: share.optional() }),
  ownComponent(LENGTHS),
]);

/** What a branch is worth: r = (1 − w)·match + w·length. */
export const rewardConfig = section({
  match: match.prefault({}),
  length: length.prefault({}),
  lengthWeight: share.optional().describe('w. Default 0.1 (ours: not published).'),
  lengthOnlyIfMatched: z
    .boolean()
    .optional()
    .describe('Count the length only where the match holds. Default false.'),
}).describe('What a branch is worth: r = (1 − w)·match + w·length.');

/** Rewards into advantages. */
export const advantageConfig = z.union([
  section({
    use: z.literal('group').default('group'),
    scale: z
      .enum(['group', 'batch', 'none'])
      .optional()
      .describe('What centred rewards are divided by. Default group.'),
    delta: z.number().min(0).optional().describe('δ, added to the deviation. Default 1e-4 (TRL).'),
    baseline: z.enum(['mean', 'leave-one-out']).optional().describe('Default mean.'),
    equalGroups: z
      .enum(['keep', 'drop', 'add-zero'])
      .optional()
      .describe('Groups of equal rewards. Default keep.'),
  }),
  ownComponent(ADVANTAGES),
]);
