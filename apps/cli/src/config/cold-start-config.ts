import { z } from 'zod';
import { section, share, wholeNumber } from './section.js';
import { instructionConfig } from './shared-config.js';

/** Two whole numbers, between which one is drawn. */
const between = (least: number) =>
  z
    .tuple([wholeNumber(least), wholeNumber(least)])
    .refine(([from, to]) => from <= to, 'expected the smaller one first');

/** Examples of thoughts in the documents of a pre-training: what a model needs that has never seen a thought. */
export const coldStartConfig = section({
  share: share.default(1).describe('Of the documents that carry examples.'),
  perDocument: wholeNumber(1).default(6).describe('Examples of each such document (ours).'),
  budgets: between(1).describe('[from, to] of the budgets that the examples name, in tokens.'),
  draftTokens: between(0)
    .default([1, 8])
    .describe('[from, to]: a thought is the text that comes next, of so many tokens (ours).'),
  overthought: section({
    share: share.default(0).describe('Of the drafts that run on.'),
    tokens: between(0).default([16, 44]).describe('[from, to] of their lengths.'),
  }).prefault({}),
  instruction: instructionConfig,
})
  .optional()
  .describe(
    'Examples of thoughts: before what `corpus.remove` took out, the thought is what was removed (its first group); elsewhere a draft of what comes next.',
  );
