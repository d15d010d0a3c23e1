import { CorpusError } from './corpus-error.js';

export interface PackOptions {
  /** Tokens of a row. */
  readonly sequenceLength: number;
  /** Token put after each document, as a rule the end-of-text token; none where left out. */
  readonly separatorTokenId?: number;
}

/** Rows of equal length for plain pre-training, and what was left over. */
export interface PackedRows {
  readonly rows: readonly Int32Array[];
  /** The last tokens, fewer than a row. */
  readonly remainder: Int32Array;
}

/**
 * Lays documents end to end and cuts them into rows; a document may go on in the next row. No token is lost: what does
 * not fill a row is the remainder.
 *
 * @throws CorpusError `invalid_option` where sequenceLength is no positive whole number
 */
export function packDocuments(
  documents: Iterable<{ readonly tokenIds: ArrayLike<number> }>,
  options: PackOptions,
): PackedRows {
  const { sequenceLength, separatorTokenId } = options;
  if (!Number.isSafeInteger(sequenceLength) || sequenceLength < 1) {
    throw new CorpusError(
      'invalid_option',
      `sequenceLength: is ${sequenceLength}, expected a whole number from 1 on`,
    );
  }
  const rows: Int32Array[] = [];
  let row = new Int32Array(sequenceLength);
  let filled = 0;
  const add = (tokenId: number) => {
    row[filled++] = tokenId;
    if (filled < sequenceLength) return;
    rows.push(row);
    row = new Int32Array(sequenceLength);
    filled = 0;
  };
  for (const { tokenIds } of documents) {
    for (let i = 0; i < tokenIds.length; i++) add(tokenIds[i]);
    if (separatorTokenId !== undefined) add(separatorTokenId);
  }
  return { rows, remainder: row.slice(0, filled) };
}
