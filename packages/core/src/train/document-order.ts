import { type RandomSource, seededRandom, shuffle } from '@midtrain/curriculum';

/**
 * Which documents each step reads: every epoch is a fresh shuffle, decided by the seed and the epoch alone, so the
 * place in the corpus is just the step.
 *
 * @param count documents in the corpus, ≥ 1
 * @returns indices of the documents of a step, `perStep` of them
 */
export function documentOrder(count: number, perStep: number, seed: number): (step: number) => number[] {
  let epoch = -1;
  let order: readonly number[] = [];
  return (step) =>
    Array.from({ length: perStep }, (_, i) => {
      const place = step * perStep + i;
      const wanted = Math.floor(place / count);
      if (wanted !== epoch) {
        const random: RandomSource = seededRandom(seed, `epoch ${wanted}`);
        order = shuffle(
          Array.from({ length: count }, (_, index) => index),
          random,
        );
        epoch = wanted;
      }
      return order[place % count];
    });
}
