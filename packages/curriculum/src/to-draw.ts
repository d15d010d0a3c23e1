import type { Draw, Drawn } from './curriculum.js';

/** The draw that consists of these, with each tier's share of them. */
export const toDraw = (chosen: readonly Drawn[], tierNames: readonly string[]): Draw => {
  const counts = tierNames.map(() => 0);
  for (const { tier } of chosen) counts[tier]++;
  return { chosen, tierNames, tierShares: counts.map((count) => count / Math.max(1, chosen.length)) };
};
