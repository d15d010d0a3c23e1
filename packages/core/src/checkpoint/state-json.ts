import { constants } from 'node:buffer';
import { CheckpointError } from './checkpoint-error.js';

/** The longest text that JavaScript can hold, and so read back. */
export const MAX_STATE_BYTES = constants.MAX_STRING_LENGTH;

/**
 * A state as compact JSON: a number for each token of a corpus makes most of a large one.
 *
 * @param place for errors
 * @throws CheckpointError where it would be too large to be read again; TypeError where it has no JSON
 */
export function stateJson(place: string, state: unknown, maxBytes = MAX_STATE_BYTES): string {
  const tooLarge = (cause?: unknown) =>
    new CheckpointError(
      `${place}: the run's state takes more than ${maxBytes} bytes as JSON, too large to be read again; train on fewer documents, or with a difficulty signal that keeps less of each`,
      { cause },
    );
  let json: string | undefined;
  try {
    json = JSON.stringify(state);
  } catch (cause) {
    if (cause instanceof RangeError && /string length/.test(cause.message)) throw tooLarge(cause);
    throw cause;
  }
  if (json === undefined) throw new TypeError('state: has no JSON, expected a value that JSON can hold');
  if (Buffer.byteLength(json) + 1 > maxBytes) throw tooLarge();
  return `${json}\n`;
}
