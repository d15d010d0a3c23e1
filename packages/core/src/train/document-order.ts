import { seededRandom, shuffle } from '@midtrain/curriculum';
import { TrainingOptionError } from './training-option-error.js';

/** What the options are called by which the order is made. */
export interface OrderOptionNames {
  readonly all: string;
  readonly perStep: string;
}

function requireEnough(count: number, perStep: number, { all, perStep: name }: OrderOptionNames): void {
  if (count === 0) throw new TrainingOptionError(`${all}: expected at least one, got none`);
  if (Number.isSafeInteger(perStep) && perStep >= 1 && perStep <= count) return;
  throw new TrainingOptionError(
    `${name}: expected a whole number from 1 to ${count}, the number of ${all}, got ${perStep}; a step reads each once`,
  );
}

/**
 * An epoch's order in which the first `head` documents are none of `taken`: each that is changes places with the next
 * one after them that may stand there.
 */
function withoutRepeats(order: readonly number[], head: number, taken: ReadonlySet<number>): number[] {
  const changed = [...order];
  let next = head;
  for (let place = 0; place < head; place++) {
    if (!taken.has(changed[place])) continue;
    while (taken.has(changed[next])) next++;
    [changed[place], changed[next]] = [changed[next], changed[place]];
    next++;
  }
  return changed;
}

/**
 * Which documents each step reads: every epoch is a fresh shuffle of all, decided by the seed, so the place in the corpus
 * is just the step. No step reads a document twice: where one reaches over the end of an epoch, the next epoch begins with
 * documents that it has not had.
 *
 * @param count documents in the corpus, ≥ 1
 * @param perStep from 1 to `count`
 * @returns indices of the documents of a step, `perStep` of them
 * @throws {TrainingOptionError} when there are none, or fewer than a step reads
 */
export function documentOrder(
  count: number,
  perStep: number,
  seed: number,
  names: OrderOptionNames = { all: 'documents', perStep: 'documentsPerStep' },
): (step: number) => number[] {
  requireEnough(count, perStep, names);
  let epoch = -1;
  let order: readonly number[] = [];
  let before: readonly number[] = [];
  /** One epoch after the other, since the end of each decides what the next may begin with. */
  const advance = (): void => {
    epoch++;
    before = order;
    const shuffled = shuffle(
      Array.from({ length: count }, (_, index) => index),
      seededRandom(seed, `epoch ${epoch}`),
    );
    const over = (epoch * count) % perStep;
    order = over === 0 ? shuffled : withoutRepeats(shuffled, perStep - over, new Set(before.slice(-over)));
  };
  return (step) => {
    const first = step * perStep;
    if (Math.floor(first / count) < epoch - 1) epoch = -1;
    return Array.from({ length: perStep }, (_, i) => {
      const wanted = Math.floor((first + i) / count);
      while (epoch < wanted) advance();
      return (wanted === epoch ? order : before)[(first + i) % count];
    });
  };
}
