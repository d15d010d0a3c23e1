import { createHash } from 'node:crypto';
import type { CorpusDocument } from './corpus.js';
import { CorpusError } from './corpus-error.js';

export interface SplitOptions {
  /** Expected share of documents held out, in 0..1. */
  readonly heldOut: number;
  /** Decides, with a document's id, to which part it goes. */
  readonly seed: number;
}

/** The two parts of a corpus; no document is in both, each is in one. */
export interface CorpusSplit<T> {
  readonly training: AsyncIterable<T>;
  readonly heldOut: AsyncIterable<T>;
}

/** A number in [0, 1) that the seed and the id decide: 48 bits of SHA-256. */
function place(seed: number, id: string): number {
  return createHash('sha256').update(`${seed}\n${id}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/**
 * Splits a corpus by a hash of each document's id: where a document goes does not depend on the others, so that adding
 * files moves none from one part to the other.
 *
 * @throws CorpusError `invalid_option` at once; while reading, `empty_corpus` where no document fell to a part that
 *   should have some
 */
export function splitCorpus<T extends Pick<CorpusDocument, 'id'>>(
  documents: AsyncIterable<T>,
  options: SplitOptions,
): CorpusSplit<T> {
  const { heldOut, seed } = options;
  if (!(heldOut >= 0 && heldOut <= 1)) {
    throw new CorpusError('invalid_option', `heldOut: is ${heldOut}, expected a share in 0..1`);
  }
  const part = (name: string, share: number, belongs: (place: number) => boolean): AsyncIterable<T> => ({
    async *[Symbol.asyncIterator]() {
      let count = 0;
      for await (const document of documents) {
        if (!belongs(place(seed, document.id))) continue;
        count++;
        yield document;
      }
      if (count === 0 && share > 0) {
        throw new CorpusError(
          'empty_corpus',
          `heldOut: at ${heldOut} no document falls to the ${name} part; change it or give more documents`,
        );
      }
    },
  });
  return {
    training: part('training', 1 - heldOut, (at) => at >= heldOut),
    heldOut: part('held-out', heldOut, (at) => at < heldOut),
  };
}
