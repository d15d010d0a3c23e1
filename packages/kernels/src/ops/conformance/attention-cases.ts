import * as tf from '@tensorflow/tfjs-core';
import { decodeAttention } from '../decode-attention/decode-attention.js';
import type { AttentionGroup } from '../tree-attention/attention-group.js';
import { treeAttention } from '../tree-attention/tree-attention.js';
import type { ConformanceCase, Values } from './evaluate.js';
import { normal } from './normal.js';

const MASKED = -1e9;

/** Additive [rows, columns]: which columns each row sees. */
const mask = (rows: number, columns: number, sees: (row: number, column: number) => boolean): Values => ({
  shape: [rows, columns],
  values: Float32Array.from({ length: rows * columns }, (_, i) =>
    sees(Math.floor(i / columns), i % columns) ? 0 : MASKED,
  ),
});

interface DecodeSize {
  readonly heads: number;
  readonly keyHeads: number;
  readonly headDim: number;
  readonly capacity: number;
  /** Document of each branch. */
  readonly documentOf: readonly number[];
  /** Tokens of a document, as long as there are any. */
  readonly tokens: number;
  readonly magnitude?: number;
}

/** Who reads which document, as `decodeAttention` takes it. */
function readersOf(documentOf: readonly number[], documents: number) {
  const places = documentOf.length;
  const branches = new Int32Array(documents * places);
  const taken = new Int32Array(documents);
  const placeOf = documentOf.map((document, branch) => {
    const place = document * places + taken[document]++;
    branches[place] = branch;
    return place;
  });
  return {
    branches: tf.tensor2d(branches, [documents, places], 'int32'),
    places: tf.tensor1d(placeOf, 'int32'),
  };
}

function decodeCase(size: DecodeSize): ConformanceCase {
  const { heads, keyHeads, headDim, capacity, documentOf, tokens, magnitude = 1 } = size;
  const branches = documentOf.length;
  const documents = Math.max(...documentOf) + 1;
  const own = [branches, keyHeads, capacity, headDim];
  const shared = [documents, keyHeads, tokens, headDim];
  return {
    name: `decodeAttention ${branches} × [${heads}/${keyHeads}, ${headDim}], ${capacity} own, ${tokens} of ${documents}, scores ~${magnitude}`,
    inputs: {
      q: normal([branches, heads, headDim], 20, magnitude),
      ownKeys: normal(own, 21),
      ownValues: normal(own, 22),
      // Columns before the first that a branch uses, and after the newest.
      ownMask: mask(branches, capacity, (row, column) => column >= row % 2 && column <= 1 + (row % capacity)),
      ...(tokens === 0
        ? {}
        : {
            sharedKeys: normal(shared, 23),
            sharedValues: normal(shared, 24),
            sharedMask: mask(branches, tokens, (row, column) => column < (row * 7) % (tokens + 1)),
          }),
    },
    differentiable: [],
    tolerance: magnitude > 10 ? 1e-4 : 1e-5,
    compute: ({ q, ownKeys, ownValues, ownMask, sharedKeys, sharedValues, sharedMask }) => ({
      out: decodeAttention(
        q as tf.Tensor3D,
        { keys: ownKeys as tf.Tensor4D, values: ownValues as tf.Tensor4D, mask: ownMask as tf.Tensor2D },
        tokens === 0
          ? undefined
          : {
              keys: sharedKeys as tf.Tensor4D,
              values: sharedValues as tf.Tensor4D,
              mask: sharedMask as tf.Tensor2D,
              readers: documents > 1 ? readersOf(documentOf, documents) : undefined,
            },
      ),
    }),
  };
}

interface TreeSize {
  readonly heads: number;
  readonly keyHeads: number;
  readonly headDim: number;
  readonly groups: readonly AttentionGroup[];
  /** Keys before the groups' own. Default 0. */
  readonly before?: number;
}

function treeCase(
  label: string,
  { heads, keyHeads, headDim, groups, before = 0 }: TreeSize,
): ConformanceCase {
  const tokens = groups.reduce((sum, { lengths }) => sum + lengths.reduce((a, b) => a + b, 0), 0);
  return {
    name: `treeAttention ${label} × [${heads}/${keyHeads}, ${headDim}]`,
    inputs: {
      q: normal([tokens, heads, headDim], 30),
      k: normal([before + tokens, keyHeads, headDim], 31),
      v: normal([before + tokens, keyHeads, headDim], 32),
    },
    differentiable: ['q', 'k', 'v'],
    tolerance: 2e-5,
    compute: ({ q, k, v }) => ({
      out: treeAttention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, groups),
    }),
  };
}

/** A document of `tokens`, and at each position an instruction and branches of these lengths. */
function tree(
  tokens: number,
  positions: readonly (readonly [at: number, instruction: number, ...branches: number[]])[],
  start = 0,
): AttentionGroup[] {
  const groups: AttentionGroup[] = [{ start, lengths: [tokens], prefix: [] }];
  let next = start + tokens;
  for (const [at, instruction, ...lengths] of positions) {
    const prefix = [{ start, length: at }];
    const asked = { start: next, length: instruction };
    groups.push({ start: next, lengths: [instruction], prefix });
    next += instruction;
    groups.push({ start: next, lengths, prefix: [...prefix, asked] });
    next += lengths.reduce((a, b) => a + b, 0);
  }
  return groups;
}

/** Documents one after the other, then each one's instruction after half of it and branches of these lengths. */
function documentsFirst(documents: readonly number[], branches: readonly number[]): AttentionGroup[] {
  const groups: AttentionGroup[] = [];
  let next = 0;
  for (const tokens of documents) {
    groups.push({ start: next, lengths: [tokens], prefix: [] });
    next += tokens;
  }
  for (const { start, lengths } of [...groups]) {
    const prefix = [{ start, length: Math.floor(lengths[0] / 2) }];
    const asked = { start: next, length: 2 };
    groups.push({ start: next, lengths: [2], prefix });
    groups.push({ start: next + 2, lengths: branches, prefix: [...prefix, asked] });
    next += 2 + branches.reduce((a, b) => a + b, 0);
  }
  return groups;
}

const small = { heads: 4, keyHeads: 2, headDim: 6 };

/** Nobody asks. */
export const EMPTY_ATTENTION_CASES: readonly ConformanceCase[] = [
  treeCase('no groups', { ...small, groups: [] }),
  treeCase('branches without tokens', {
    ...small,
    groups: [{ start: 3, lengths: [0, 0], prefix: [{ start: 0, length: 3 }] }],
    before: 3,
  }),
];

/** One branch and many, no shared tokens and more than a panel of them, widths that fill no vector, scores far apart. */
export const ATTENTION_CASES: readonly ConformanceCase[] = [
  decodeCase({ ...small, capacity: 3, documentOf: [0], tokens: 0 }),
  decodeCase({ ...small, capacity: 5, documentOf: [0, 0, 0, 0, 0, 0], tokens: 0 }),
  decodeCase({ ...small, capacity: 4, documentOf: [0, 0, 0], tokens: 1 }),
  decodeCase({ ...small, capacity: 4, documentOf: [0, 0, 0, 0], tokens: 33 }),
  decodeCase({ ...small, capacity: 6, documentOf: [1, 0, 1, 2, 2, 1, 0], tokens: 40 }),
  decodeCase({
    heads: 9,
    keyHeads: 3,
    headDim: 64,
    capacity: 17,
    documentOf: new Array(50).fill(0),
    tokens: 131,
  }),
  decodeCase({
    heads: 4,
    keyHeads: 4,
    headDim: 32,
    capacity: 9,
    documentOf: Array.from({ length: 90 }, (_, i) => Math.floor(i / 13)),
    tokens: 70,
  }),
  decodeCase({ ...small, capacity: 7, documentOf: [0, 0, 1, 1, 1], tokens: 50, magnitude: 40 }),
  treeCase('one token', { ...small, groups: tree(1, []) }),
  treeCase('documents of one length', { ...small, groups: [...tree(9, []), ...tree(9, [], 9)] }),
  treeCase('branches of keys that ask nothing', {
    ...small,
    groups: [{ start: 40, lengths: [3, 0, 33], prefix: [{ start: 0, length: 37 }] }],
    before: 40,
  }),
  treeCase('a tree', {
    ...small,
    groups: tree(40, [
      [0, 2, 3, 0, 5],
      [17, 1, 1],
      [40, 3, 20, 20, 7],
    ]),
  }),
  treeCase('documents before all branches', {
    heads: 6,
    keyHeads: 2,
    headDim: 40,
    groups: documentsFirst([50, 9, 71, 20], [3, 12, 0, 20]),
  }),
  treeCase('a longer tree', {
    heads: 6,
    keyHeads: 2,
    headDim: 40,
    groups: tree(150, [
      [70, 4, 24, 24, 24, 11, 24],
      [149, 4, 60, 60],
    ]),
  }),
];
