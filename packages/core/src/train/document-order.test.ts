import { seededRandom, shuffle } from '@midtrain/curriculum';
import { describe, expect, it } from 'vitest';
import { documentOrder } from './document-order.js';

const SEEDS = [0, 1, 7];
const EPOCHS = 6;

/** All sizes of small corpora with all sizes of a step. */
const SIZES = Array.from({ length: 12 }, (_, i) => i + 1).flatMap((count) =>
  Array.from({ length: count }, (_, i) => ({ count, perStep: i + 1 })),
);

/** Steps of about EPOCHS epochs. */
const stepsOf = (count: number, perStep: number): number[] =>
  Array.from({ length: Math.ceil((EPOCHS * count) / perStep) }, (_, step) => step);

/** Epoch after epoch as it is shuffled, repeats within a step and all. */
function plainOrder(count: number, perStep: number, seed: number): number[][] {
  const places = Array.from({ length: EPOCHS + 1 }, (_, epoch) =>
    shuffle(
      Array.from({ length: count }, (_, index) => index),
      seededRandom(seed, `epoch ${epoch}`),
    ),
  ).flat();
  return stepsOf(count, perStep).map((step) => places.slice(step * perStep, (step + 1) * perStep));
}

const repeats = (step: readonly number[]): boolean => new Set(step).size < step.length;

describe('documentOrder', () => {
  it('reads no document twice in a step, and each once an epoch, for all sizes', () => {
    for (const { count, perStep } of SIZES)
      for (const seed of SEEDS) {
        const read = stepsOf(count, perStep).map(documentOrder(count, perStep, seed));
        for (const step of read) {
          expect(step).toHaveLength(perStep);
          expect(repeats(step)).toBe(false);
        }
        const all = read.flat();
        for (let epoch = 0; epoch < EPOCHS; epoch++)
          expect(all.slice(epoch * count, (epoch + 1) * count).sort((a, b) => a - b)).toEqual(
            Array.from({ length: count }, (_, index) => index),
          );
      }
  });

  it('is the plain shuffle of each epoch up to the first step that would read a document twice', () => {
    let same = 0;
    for (const { count, perStep } of SIZES)
      for (const seed of SEEDS) {
        const plain = plainOrder(count, perStep, seed);
        const first = plain.findIndex(repeats);
        const until = first < 0 ? plain.length : first;
        const read = stepsOf(count, perStep).map(documentOrder(count, perStep, seed));
        expect(read.slice(0, until)).toEqual(plain.slice(0, until));
        if (first < 0) same++;
        else expect(read[first]).not.toEqual(plain[first]);
      }
    expect(same).toBeGreaterThan(0);
    expect(same).toBeLessThan(SIZES.length * SEEDS.length);
  });

  it('is the same from whatever step it is asked', () => {
    for (const { count, perStep } of SIZES) {
      const steps = stepsOf(count, perStep);
      const read = steps.map(documentOrder(count, perStep, 5));
      const backwards = documentOrder(count, perStep, 5);
      for (const step of [...steps].reverse()) {
        expect(documentOrder(count, perStep, 5)(step)).toEqual(read[step]);
        expect(backwards(step)).toEqual(read[step]);
      }
    }
  });

  it.each([
    [0, 1, /^documents: expected at least one, got none/],
    [4, 5, /^documentsPerStep: expected a whole number from 1 to 4, the number of documents, got 5/],
    [4, 0, /^documentsPerStep: .* got 0/],
    [4, 1.5, /^documentsPerStep: .* got 1\.5/],
  ])('refuses %d documents with %d a step', (count, perStep, message) => {
    expect(() => documentOrder(count, perStep, 1)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }),
    );
  });
});
