import { requireInput } from './operation-input-error.js';

/** Checks ids that lie on the host. Throws an `OperationInputError` that names the first one out of range. */
export function requireTokenIds(
  operation: string,
  field: string,
  tokenIds: Int32Array,
  vocabularySize: number,
): void {
  const place = tokenIds.findIndex((id) => id < 0 || id >= vocabularySize);
  requireInput(
    place === -1,
    () => `${operation}: ${field}[${place}] is ${tokenIds[place]}, expected 0..${vocabularySize - 1}`,
  );
}
