import { seededRandom, shuffle, uniformInt } from '@midtrain/curriculum';
import { CorpusError } from './corpus-error.js';

export interface ShuffleOptions {
  /** A whole number in 0..2^53−1; decides the order. */
  readonly seed: number;
  /** Documents that lie in memory at a time; default 100,000. */
  readonly bufferSize?: number;
}

/**
 * Shuffles a stream of documents. Every order is equally likely where they fit in the buffer; of more, a document
 * comes at most `bufferSize` places early, as the buffer gives up a random document for each that enters.
 *
 * @throws CorpusError `invalid_option` where bufferSize is no positive whole number
 */
export function shuffleCorpus<T>(documents: AsyncIterable<T>, options: ShuffleOptions): AsyncIterable<T> {
  const { seed, bufferSize = 100_000 } = options;
  if (!Number.isSafeInteger(bufferSize) || bufferSize < 1) {
    throw new CorpusError(
      'invalid_option',
      `bufferSize: is ${bufferSize}, expected a whole number from 1 on`,
    );
  }
  return {
    async *[Symbol.asyncIterator]() {
      const random = seededRandom(seed, 'corpus order');
      const buffer: T[] = [];
      for await (const document of documents) {
        if (buffer.length < bufferSize) {
          buffer.push(document);
          continue;
        }
        const slot = uniformInt(bufferSize, random);
        yield buffer[slot];
        buffer[slot] = document;
      }
      yield* shuffle(buffer, random);
    },
  };
}
