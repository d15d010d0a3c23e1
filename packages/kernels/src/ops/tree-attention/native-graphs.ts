import { type GraphNode, type NativeGraph, nativeGraph } from '../../native/index.js';
import { axis, LEAST, node, weights } from '../native-nodes.js';

/** What a model's attention graphs depend on. */
export interface AttentionShape {
  readonly keyValueHeads: number;
  /** Query heads that share a key-value head, F = H / K. */
  readonly perKey: number;
  readonly headDim: number;
  readonly scale: number;
}

const transpose = (input: string, output: string, perm: readonly number[]): GraphNode => ({
  op: 'Transpose',
  inputs: [input],
  outputs: [output],
  attributes: { perm: { ints: perm } },
});

const reshape = (input: string, output: string, shape: string): GraphNode => ({
  op: 'Reshape',
  inputs: [input, shape],
  outputs: [output],
});

/** Batched product, alpha · A·B with either transposed. */
const product = (
  [a, b]: readonly [string, string],
  output: string,
  { transA = 0, transB = 0, alpha = 1 } = {},
): GraphNode => ({
  op: 'FusedMatMul',
  domain: 'com.microsoft',
  inputs: [a, b],
  outputs: [output],
  attributes: { transA: { int: transA }, transB: { int: transB }, alpha: { float: alpha } },
});

/** [B, M, K, F, D] → [B, K, M·F, D] */
const headMajor = (name: string): GraphNode[] => [
  transpose(name, `${name}_KMFD`, [0, 2, 1, 3, 4]),
  reshape(`${name}_KMFD`, `${name}_K`, 'rows'),
];

/** Scores of a stretch of keys, [B, K, M·F, S]: products of `q_K` and `k_K`, and the mask where there is one. */
const scores = (shape: AttentionShape, masked: boolean): GraphNode[] => [
  product(['q_K', 'k_K'], masked ? 'products' : 'scores', { transB: 1, alpha: shape.scale }),
  ...(!masked
    ? []
    : shape.perKey === 1
      ? [node('Add', ['products', 'mask'], 'scores')]
      : [
          reshape('products', 'products_KMFS', 'perQuery'),
          node('Unsqueeze', ['mask', 'one'], 'mask_M1S'),
          node('Add', ['products_KMFS', 'mask_M1S'], 'masked_KMFS'),
          node('Shape', ['products'], 'productsShape'),
          reshape('masked_KMFS', 'scores', 'productsShape'),
        ]),
];

const constants = ({ keyValueHeads, perKey, headDim }: AttentionShape, masked: boolean) => [
  // 0 takes over what stands there.
  { name: 'rows', type: 'int64' as const, dims: [4], data: [0, keyValueHeads, -1, headDim] },
  { name: 'split', type: 'int64' as const, dims: [5], data: [0, keyValueHeads, -1, perKey, headDim] },
  ...(masked && perKey > 1 ? [axis('one', 1)] : []),
];

/** The axis that scores are reduced along. */
const LAST = axis('last', -1);

const KEEP = { keepdims: { int: 1 } };

const values = (shape: AttentionShape, masked: boolean) => {
  const query = ['B', 'M', shape.keyValueHeads, shape.perKey, shape.headDim];
  const key = ['B', 'S', shape.keyValueHeads, shape.headDim];
  const column = ['B', shape.keyValueHeads, 'R', 1];
  const mask = [
    { name: 'mask', dims: ['M', 'S'] },
    ...(shape.perKey === 1 ? [] : [{ name: 'perQuery', dims: [5], type: 'int64' as const }]),
  ];
  const inputs = [
    { name: 'q', dims: query },
    { name: 'k', dims: key },
    { name: 'v', dims: key },
    ...(masked ? mask : []),
  ];
  return { query, key, column, inputs };
};

/** What a forward graph is for. */
export interface ForwardStep {
  /** Whether there is a mask. */
  readonly masked: boolean;
  /** Whether other keys were attended to before; it goes on from their `outBefore` and `lseBefore`. */
  readonly goesOn: boolean;
  /** Whether `lse` is asked for. */
  readonly lse: boolean;
}

/**
 * Attention of the queries of B blocks that are alike to a stretch of their keys: q [B, M, K, F, D], k and v [B, S, K, D],
 * mask [M, S] → out [B, M, K, F, D] and lse [B, K, M·F, 1], the logarithm of the sum of the exponentiated scores. What
 * stretches give is joined by it.
 */
export function forwardGraph(shape: AttentionShape, { masked, goesOn, lse }: ForwardStep): NativeGraph {
  const { query, column, inputs } = values(shape, masked);
  const join = [
    node('Max', ['lseBefore', 'lseHere'], 'most'),
    node('Sub', ['lseBefore', 'most'], 'lessBefore'),
    node('Sub', ['lseHere', 'most'], 'lessHere'),
    node('Exp', ['lessBefore'], 'shareBefore'),
    node('Exp', ['lessHere'], 'shareHere'),
    node('Add', ['shareBefore', 'shareHere'], 'shares'),
    node('Log', ['shares'], 'logShares'),
    node('Add', ['most', 'logShares'], 'lse'),
    ...headMajor('outBefore'),
    node('Mul', ['outBefore_K', 'shareBefore'], 'partBefore'),
    node('Mul', ['outHere_K', 'shareHere'], 'partHere'),
    node('Add', ['partBefore', 'partHere'], 'parts'),
    node('Div', ['parts', 'shares'], 'out_K'),
  ];
  const here = goesOn ? 'Here' : '';
  return nativeGraph({
    name: 'tree attention',
    inputs: [
      ...inputs,
      ...(goesOn
        ? [
            { name: 'outBefore', dims: query },
            { name: 'lseBefore', dims: column },
          ]
        : []),
    ],
    outputs: [{ name: 'out', dims: query }, ...(lse ? [{ name: 'lse', dims: column }] : [])],
    constants: [...constants(shape, masked), LAST, LEAST],
    nodes: [
      ...headMajor('q'),
      transpose('k', 'k_K', [0, 2, 1, 3]),
      transpose('v', 'v_K', [0, 2, 1, 3]),
      ...scores(shape, masked),
      node('ReduceMax', ['scores', 'last'], 'largest', KEEP),
      node('Sub', ['scores', 'largest'], 'exponents'),
      ...weights('exponents', 'w'),
      node('ReduceSum', ['w', 'last'], 'total', KEEP),
      product(['w', 'v_K'], 'weighted'),
      node('Div', ['weighted', 'total'], `out${here}_K`),
      ...(lse || goesOn
        ? [node('Log', ['total'], 'logTotal'), node('Add', ['largest', 'logTotal'], `lse${here}`)]
        : []),
      ...(goesOn ? join : []),
      reshape('out_K', 'out_KMFD', 'split'),
      transpose('out_KMFD', 'out', [0, 2, 1, 3, 4]),
    ],
  });
}

/**
 * The backward of B blocks that are alike over a stretch of keys: the forward's inputs with out, its gradient and lse, all
 * of them over all keys → dq [B, M, K, F, D], dk and dv [B, S, K, D], of which dq is the stretch's share. The weights are computed again: keeping
 * them would cost memory by queries × keys.
 */
export function backwardGraph(shape: AttentionShape, masked: boolean): NativeGraph {
  const { query, key, column, inputs } = values(shape, masked);
  return nativeGraph({
    name: 'tree attention gradient',
    inputs: [
      ...inputs,
      { name: 'out', dims: query },
      { name: 'dOut', dims: query },
      { name: 'lse', dims: column },
    ],
    outputs: [
      { name: 'dq', dims: query },
      { name: 'dk', dims: key },
      { name: 'dv', dims: key },
    ],
    constants: [...constants(shape, masked), LAST, LEAST],
    nodes: [
      ...headMajor('q'),
      ...headMajor('out'),
      ...headMajor('dOut'),
      transpose('k', 'k_K', [0, 2, 1, 3]),
      transpose('v', 'v_K', [0, 2, 1, 3]),
      ...scores(shape, masked),
      node('Sub', ['scores', 'lse'], 'logP'),
      ...weights('logP', 'p'),
      product(['p', 'dOut_K'], 'dv_K', { transA: 1 }),
      node('Mul', ['out_K', 'dOut_K'], 'agreement'),
      node('ReduceSum', ['agreement', 'last'], 'rowSum', KEEP),
      product(['dOut_K', 'v_K'], 'dp', { transB: 1 }),
      node('Sub', ['dp', 'rowSum'], 'centred'),
      node('Mul', ['p', 'centred'], 'ds'),
      product(['ds', 'k_K'], 'dq_K', { alpha: shape.scale }),
      product(['ds', 'q_K'], 'dk_K', { transA: 1, alpha: shape.scale }),
      reshape('dq_K', 'dq_KMFD', 'split'),
      transpose('dq_KMFD', 'dq', [0, 2, 1, 3, 4]),
      transpose('dk_K', 'dk', [0, 2, 1, 3]),
      transpose('dv_K', 'dv', [0, 2, 1, 3]),
    ],
  });
}
