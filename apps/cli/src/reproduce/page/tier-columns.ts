import type { TierEstimates } from '../results/results.js';

/** Columns of accuracy by tier, and their headings. */
export const TIER_COLUMNS: readonly { readonly of: keyof TierEstimates; readonly heading: string }[] = [
  { of: 'easy', heading: 'easy' },
  { of: 'medium', heading: 'medium' },
  { of: 'hard', heading: 'hard' },
  { of: 'average', heading: 'mean of tiers' },
  { of: 'tokens', heading: 'all tokens' },
];
