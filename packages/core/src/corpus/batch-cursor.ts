import { seededRandom, shuffle } from '@midtrain/curriculum';
import { CorpusError } from './corpus-error.js';

/** A place in the batches of a corpus, JSON-safe. */
export interface BatchCursorState {
  /** Times that the corpus was gone through, from 0. */
  readonly epoch: number;
  /** Documents of this epoch already given. */
  readonly offset: number;
  readonly seed: number;
  readonly length: number;
}

export interface BatchCursorOptions {
  /** Number of documents. */
  readonly length: number;
  readonly batchSize: number;
  /** Decides the order, a new one in each epoch. */
  readonly seed: number;
  /** Whether to shuffle at all; default true. */
  readonly shuffled?: boolean;
  /** Where to go on; by default at the start. */
  readonly state?: BatchCursorState;
}

/** Goes through a corpus in batches, again and again. */
export interface BatchCursor {
  /** Indices of the next batch's documents, always `batchSize`; the last batch of an epoch is filled from the next. */
  next(): number[];
  state(): BatchCursorState;
}

function requireWhole(name: string, value: number, from: number, to: number): void {
  if (Number.isSafeInteger(value) && value >= from && value <= to) return;
  throw new CorpusError('invalid_option', `${name}: is ${value}, expected a whole number in ${from}..${to}`);
}

/**
 * Starts to go through a corpus in batches, or goes on from a saved place: the batches from there on are those of an
 * uninterrupted run.
 *
 * @throws CorpusError `invalid_option`; `changed_corpus` where the place is one in another corpus or of another seed
 */
export function batchCursor(options: BatchCursorOptions): BatchCursor {
  const { length, batchSize, seed, shuffled = true, state } = options;
  requireWhole('length', length, 1, 2 ** 32);
  requireWhole('batchSize', batchSize, 1, length);
  if (state && (state.length !== length || state.seed !== seed)) {
    throw new CorpusError(
      'changed_corpus',
      `the saved place is in a corpus of ${state.length} documents with seed ${state.seed}, but this is one of ${length} with seed ${seed}; go on with the same corpus and seed`,
    );
  }
  if (state) {
    requireWhole('state.epoch', state.epoch, 0, Number.MAX_SAFE_INTEGER);
    requireWhole('state.offset', state.offset, 0, length - 1);
  }

  const orderOf = (epoch: number): readonly number[] => {
    const indices = Array.from({ length }, (_, i) => i);
    return shuffled ? shuffle(indices, seededRandom(seed, `corpus epoch ${epoch}`)) : indices;
  };
  let { epoch, offset } = state ?? { epoch: 0, offset: 0 };
  let order = orderOf(epoch);

  return {
    next() {
      const batch: number[] = [];
      while (batch.length < batchSize) {
        batch.push(order[offset++]);
        if (offset < length) continue;
        offset = 0;
        order = orderOf(++epoch);
      }
      return batch;
    },
    state: () => ({ epoch, offset, seed, length }),
  };
}
