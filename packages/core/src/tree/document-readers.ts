import type { DocumentReaders } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** How many slots the document with the most readers has. */
export function mostReaders(documents: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const document of documents) counts.set(document, (counts.get(document) ?? 0) + 1);
  return Math.max(...counts.values());
}

/**
 * Seats slots at the documents that they read.
 *
 * @param documents the document of each slot
 * @param count L, how many documents there are
 * @param places P, places at each; none has more readers
 * @param rows M, how many rows there are: one a slot, then empty ones
 */
export function documentReaders(
  documents: readonly number[],
  count: number,
  places: number,
  rows: number,
): DocumentReaders {
  const branches = new Int32Array(count * places);
  const placeOf = new Int32Array(rows);
  const taken = new Int32Array(count);
  documents.forEach((document, slot) => {
    const place = document * places + taken[document]++;
    branches[place] = slot;
    placeOf[slot] = place;
  });
  return {
    branches: tf.tensor2d(branches, [count, places], 'int32'),
    places: tf.tensor1d(placeOf, 'int32'),
  };
}

/** Releases both tensors. */
export const disposeReaders = ({ branches, places }: DocumentReaders): void => tf.dispose([branches, places]);
