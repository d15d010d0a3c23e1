import { type GraphNode, type NativeGraph, nativeGraph } from '../../native/index.js';
import { axis, fusedNode, LEAST, node, weights } from '../native-nodes.js';

/** What a model's decoding graph depends on. */
export interface DecodeShape {
  readonly keyValueHeads: number;
  /** Query heads that share a key-value head, F = H / K. */
  readonly perKey: number;
  readonly headDim: number;
  readonly scale: number;
}

const scoresOf = (a: string, b: string, output: string, scale: number): GraphNode =>
  fusedNode('FusedMatMul', [a, b], output, { transB: { int: 1 }, alpha: { float: scale } });

const swap = { perm: { ints: [1, 0, 2, 3] } };
const LAST = axis('last', -1);
const KEEP = { keepdims: { int: 1 } };

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
    constants: [LAST, LEAST],
    nodes: [
      scoresOf('q', 'ownKeys', 'scores', scale),
      node('Add', ['scores', 'ownMask'], 'masked'),
      node('ReduceMax', ['masked', 'last'], 'most', KEEP),
      node('Sub', ['masked', 'most'], 'exponents'),
      ...weights('exponents', 'w'),
      node('ReduceSum', ['w', 'last'], 'total', KEEP),
      node('MatMul', ['w', 'ownValues'], 'weighted'),
      node('Div', ['weighted', 'total'], 'out'),
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
    ],
    outputs: [{ name: 'out', dims: ['M', keyValueHeads, perKey, headDim] }],
    constants: [
      { name: 'rows', type: 'int64', dims: [3], data: [keyValueHeads, -1, headDim] },
      { name: 'heads', type: 'int64', dims: [4], data: [keyValueHeads, -1, perKey, headDim] },
      LAST,
      LEAST,
    ],
    nodes: [
      scoresOf('q', 'ownKeys', 'ownScores', scale),
      node('Add', ['ownScores', 'ownMask'], 'ownMasked'),
      node('Transpose', ['q'], 'q_KMFD', swap),
      node('Reshape', ['q_KMFD', 'rows'], 'q_K'),
      scoresOf('q_K', 'sharedKeys', 'sharedScores', scale),
      node('Reshape', ['sharedScores', 'apart'], 'sharedScores_KMFT'),
      node('Add', ['sharedScores_KMFT', 'sharedMask'], 'sharedMasked'),

      // Both parts are weighed by the largest score of either.
      node('ReduceMax', ['ownMasked', 'last'], 'ownMost', KEEP),
      node('ReduceMax', ['sharedMasked', 'last'], 'sharedMost', KEEP),
      node('Transpose', ['sharedMost'], 'sharedMost_MKF1', swap),
      node('Max', ['ownMost', 'sharedMost_MKF1'], 'most'),
      node('Transpose', ['most'], 'most_KMF1', swap),
      node('Sub', ['ownMasked', 'most'], 'ownExponents'),
      node('Sub', ['sharedMasked', 'most_KMF1'], 'sharedExponents'),
      ...weights('ownExponents', 'wOwn'),
      ...weights('sharedExponents', 'wShared'),
      node('ReduceSum', ['wOwn', 'last'], 'ownTotal', KEEP),
      node('ReduceSum', ['wShared', 'last'], 'sharedTotal', KEEP),
      node('Transpose', ['sharedTotal'], 'sharedTotal_MKF1', swap),
      node('Add', ['ownTotal', 'sharedTotal_MKF1'], 'total'),

      node('Reshape', ['wShared', 'together'], 'wShared_K'),
      node('MatMul', ['wShared_K', 'sharedValues'], 'fromShared_K'),
      node('Reshape', ['fromShared_K', 'heads'], 'fromShared_KMFD'),
      node('Transpose', ['fromShared_KMFD'], 'fromShared', swap),
      node('MatMul', ['wOwn', 'ownValues'], 'fromOwn'),
      node('Add', ['fromShared', 'fromOwn'], 'weighted'),
      node('Div', ['weighted', 'total'], 'out'),
    ],
  });
}
