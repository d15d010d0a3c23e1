import { type GraphNode, type NativeGraph, nativeGraph } from '../../native/index.js';

/** What a model's decoding graph depends on. */
export interface DecodeShape {
  readonly keyValueHeads: number;
  /** Query heads that share a key-value head, F = H / K. */
  readonly perKey: number;
  readonly headDim: number;
  readonly scale: number;
}

const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: GraphNode['attributes'] = {},
): GraphNode => ({ op, inputs, outputs: [output], attributes });

const scoresOf = (a: string, b: string, output: string, scale: number): GraphNode => ({
  ...node('FusedMatMul', [a, b], output, { transB: { int: 1 }, alpha: { float: scale } }),
  domain: 'com.microsoft',
});

const swap = { perm: { ints: [1, 0, 2, 3] } };
const lastAxis = { axis: { int: -1 } };

/** Own tokens only: q [M, K, F, D], keys and values [M, K, S, D], mask [M, 1, 1, S] → out [M, K, F, D]. */
export function ownGraph({ keyValueHeads, perKey, headDim, scale }: DecodeShape): NativeGraph {
  const cache = ['M', keyValueHeads, 'S', headDim];
  return nativeGraph({
    name: 'decode attention',
    inputs: [
      { name: 'q', dims: ['M', keyValueHeads, perKey, headDim] },
      { name: 'ownKeys', dims: cache },
      { name: 'ownValues', dims: cache },
      { name: 'ownMask', dims: ['M', 1, 1, 'S'] },
    ],
    outputs: [{ name: 'out', dims: ['M', keyValueHeads, perKey, headDim] }],
    nodes: [
      scoresOf('q', 'ownKeys', 'scores', scale),
      node('Add', ['scores', 'ownMask'], 'masked'),
      node('Softmax', ['masked'], 'p', lastAxis),
      node('MatMul', ['p', 'ownValues'], 'out'),
    ],
  });
}

/** As `ownGraph`, with what the branches share: keys and values [K, T, D], mask [M, 1, T]. */
export function sharedGraph({ keyValueHeads, perKey, headDim, scale }: DecodeShape): NativeGraph {
  const cache = ['M', keyValueHeads, 'S', headDim];
  const shared = [keyValueHeads, 'T', headDim];
  return nativeGraph({
    name: 'decode attention over a shared prefix',
    inputs: [
      { name: 'q', dims: ['M', keyValueHeads, perKey, headDim] },
      { name: 'ownKeys', dims: cache },
      { name: 'ownValues', dims: cache },
      { name: 'ownMask', dims: ['M', 1, 1, 'S'] },
      { name: 'sharedKeys', dims: shared },
      { name: 'sharedValues', dims: shared },
      { name: 'sharedMask', dims: ['M', 1, 'T'] },
      { name: 'apart', dims: [4], type: 'int64' },
      { name: 'together', dims: [3], type: 'int64' },
      { name: 'widths', dims: [2], type: 'int64' },
    ],
    outputs: [{ name: 'out', dims: ['M', keyValueHeads, perKey, headDim] }],
    constants: [
      { name: 'rows', type: 'int64', dims: [3], data: [keyValueHeads, -1, headDim] },
      { name: 'heads', type: 'int64', dims: [4], data: [keyValueHeads, -1, perKey, headDim] },
    ],
    nodes: [
      scoresOf('q', 'ownKeys', 'ownScores', scale),
      node('Add', ['ownScores', 'ownMask'], 'ownMasked'),
      node('Transpose', ['ownMasked'], 'ownMasked_KMFS', swap),
      node('Transpose', ['q'], 'q_KMFD', swap),
      node('Reshape', ['q_KMFD', 'rows'], 'q_K'),
      scoresOf('q_K', 'sharedKeys', 'sharedScores', scale),
      node('Reshape', ['sharedScores', 'apart'], 'sharedScores_KMFT'),
      node('Add', ['sharedScores_KMFT', 'sharedMask'], 'sharedMasked'),
      node('Concat', ['sharedMasked', 'ownMasked_KMFS'], 'scores', lastAxis),
      node('Softmax', ['scores'], 'p', lastAxis),
      { op: 'Split', inputs: ['p', 'widths'], outputs: ['pShared', 'pOwn'], attributes: lastAxis },
      node('Reshape', ['pShared', 'together'], 'pShared_K'),
      node('MatMul', ['pShared_K', 'sharedValues'], 'fromShared_K'),
      node('Reshape', ['fromShared_K', 'heads'], 'fromShared_KMFD'),
      node('Transpose', ['fromShared_KMFD'], 'fromShared', swap),
      node('Transpose', ['pOwn'], 'pOwn_MKFS', swap),
      node('MatMul', ['pOwn_MKFS', 'ownValues'], 'fromOwn'),
      node('Add', ['fromShared', 'fromOwn'], 'out'),
    ],
  });
}
