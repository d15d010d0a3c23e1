import { CurriculumError } from './curriculum-error.js';
import { requireNumber } from './require-number.js';

/** Weighted running moments of a position's rewards: how much weight, its mean, the summed squared deviations; and the count. */
interface Moments {
  readonly count: number;
  readonly weight: number;
  readonly mean: number;
  readonly squares: number;
}

/** [documentId, position, count, weight, mean, squares]: a position's moments as JSON. */
type RewardEntry = readonly [string, number, number, number, number, number];

/** What positions were rewarded so far. */
export interface RewardHistory {
  /** Adds a group's rewards, after `keep` has scaled the weight of what was there. */
  add(documentId: string, position: number, rewards: readonly number[], keep: number): void;
  /** Population standard deviation of a position's rewards; undefined with fewer than two of them. */
  spread(documentId: string, position: number): number | undefined;
  entries(): RewardEntry[];
}

const NONE: Moments = { count: 0, weight: 0, mean: 0, squares: 0 };

/** West's weighted form of Welford's update: no sum of squares that could cancel. */
const addReward = ({ count, weight, mean, squares }: Moments, reward: number): Moments => {
  const deviation = reward - mean;
  const newMean = mean + deviation / (weight + 1);
  return {
    count: count + 1,
    weight: weight + 1,
    mean: newMean,
    squares: squares + deviation * (reward - newMean),
  };
};

const historyFrom = (documents: Map<string, Map<number, Moments>>): RewardHistory => ({
  add: (documentId, position, rewards, keep) => {
    const positions = documents.get(documentId) ?? new Map<number, Moments>();
    const before = positions.get(position) ?? NONE;
    const faded = { ...before, weight: before.weight * keep, squares: before.squares * keep };
    positions.set(position, rewards.reduce(addReward, faded));
    documents.set(documentId, positions);
  },
  spread: (documentId, position) => {
    const moments = documents.get(documentId)?.get(position);
    if (moments === undefined || moments.count < 2) return undefined;
    return Math.sqrt(moments.squares / moments.weight);
  },
  entries: () =>
    [...documents].flatMap(([documentId, positions]) =>
      [...positions].map(
        ([position, { count, weight, mean, squares }]): RewardEntry => [
          documentId,
          position,
          count,
          weight,
          mean,
          squares,
        ],
      ),
    ),
});

/** A history without rewards. */
export const rewardHistory = (): RewardHistory => historyFrom(new Map());

/** @throws CurriculumError `invalid_state` unless `entries` is what a history's `entries()` returned. */
export const restoreRewardHistory = (entries: unknown): RewardHistory => {
  if (!Array.isArray(entries))
    throw new CurriculumError('invalid_state', 'state.rewards is no list: give what state() returned');
  const documents = new Map<string, Map<number, Moments>>();
  for (const [i, entry] of entries.entries()) {
    const field = `state.rewards[${i}]`;
    if (!Array.isArray(entry) || entry.length !== 6 || typeof entry[0] !== 'string')
      throw new CurriculumError('invalid_state', `${field} is no entry: give what state() returned`);
    const [documentId, position, count, weight, mean, squares] = entry as unknown as RewardEntry;
    requireNumber('invalid_state', `${field}[1]`, position, { integer: true, min: 0 });
    requireNumber('invalid_state', `${field}[2]`, count, { integer: true, min: 0 });
    requireNumber('invalid_state', `${field}[3]`, weight, { min: 0 });
    requireNumber('invalid_state', `${field}[4]`, mean);
    requireNumber('invalid_state', `${field}[5]`, squares, { min: 0 });
    const positions = documents.get(documentId) ?? new Map<number, Moments>();
    positions.set(position, { count, weight, mean, squares });
    documents.set(documentId, positions);
  }
  return historyFrom(documents);
};
