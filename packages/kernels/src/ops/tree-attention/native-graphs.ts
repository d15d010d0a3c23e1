import { type GraphNode, type NativeGraph, nativeGraph } from '../../native/index.js';

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

/** [M, K, F, D] → [K, M·F, D] */
const headMajor = (name: string): GraphNode[] => [
  transpose(name, `${name}_KMFD`, [1, 0, 2, 3]),
  reshape(`${name}_KMFD`, `${name}_K`, 'rows'),
];

/** Softmax weights of a block, [K, M·F, S], from q, k and mask. */
const weights = (shape: AttentionShape): GraphNode[] => [
  ...headMajor('q'),
  transpose('k', 'k_K', [1, 0, 2]),
  product(['q_K', 'k_K'], 'scores', { transB: 1, alpha: shape.scale }),
  ...(shape.perKey === 1
    ? [{ op: 'Add', inputs: ['scores', 'mask'], outputs: ['masked'] }]
    : [
        reshape('scores', 'scores_KMFS', 'perQuery'),
        { op: 'Unsqueeze', inputs: ['mask', 'one'], outputs: ['mask_M1S'] },
        { op: 'Add', inputs: ['scores_KMFS', 'mask_M1S'], outputs: ['masked_KMFS'] },
        { op: 'Shape', inputs: ['scores'], outputs: ['scoresShape'] },
        reshape('masked_KMFS', 'masked', 'scoresShape'),
      ]),
  { op: 'Softmax', inputs: ['masked'], outputs: ['p'], attributes: { axis: { int: -1 } } },
];

const constants = ({ keyValueHeads, perKey, headDim }: AttentionShape) => [
  { name: 'rows', type: 'int64' as const, dims: [3], data: [keyValueHeads, -1, headDim] },
  { name: 'split', type: 'int64' as const, dims: [4], data: [keyValueHeads, -1, perKey, headDim] },
  ...(perKey === 1 ? [] : [{ name: 'one', type: 'int64' as const, dims: [1], data: [1] }]),
];

const values = (shape: AttentionShape) => {
  const query = ['M', shape.keyValueHeads, shape.perKey, shape.headDim];
  const key = ['S', shape.keyValueHeads, shape.headDim];
  return { query, key };
};

const shapeInputs = (shape: AttentionShape) =>
  shape.perKey === 1 ? [] : [{ name: 'perQuery', dims: [4], type: 'int64' as const }];

/** A block's forward: q [M, K, F, D], k and v [S, K, D], mask [M, S] → out [M, K, F, D]. */
export function forwardGraph(shape: AttentionShape): NativeGraph {
  const { query, key } = values(shape);
  return nativeGraph({
    name: 'tree attention',
    inputs: [
      { name: 'q', dims: query },
      { name: 'k', dims: key },
      { name: 'v', dims: key },
      { name: 'mask', dims: ['M', 'S'] },
      ...shapeInputs(shape),
    ],
    outputs: [{ name: 'out', dims: query }],
    constants: constants(shape),
    nodes: [
      ...weights(shape),
      transpose('v', 'v_K', [1, 0, 2]),
      product(['p', 'v_K'], 'out_K'),
      reshape('out_K', 'out_KMFD', 'split'),
      transpose('out_KMFD', 'out', [1, 0, 2, 3]),
    ],
  });
}

/**
 * A block's backward: the forward's inputs with out and its gradient → dq [M, K, F, D], dk and dv [S, K, D]. The
 * weights are computed again: keeping them would cost memory by queries × keys.
 */
export function backwardGraph(shape: AttentionShape): NativeGraph {
  const { query, key } = values(shape);
  return nativeGraph({
    name: 'tree attention gradient',
    inputs: [
      { name: 'q', dims: query },
      { name: 'k', dims: key },
      { name: 'v', dims: key },
      { name: 'mask', dims: ['M', 'S'] },
      ...shapeInputs(shape),
      { name: 'out', dims: query },
      { name: 'dOut', dims: query },
    ],
    outputs: [
      { name: 'dq', dims: query },
      { name: 'dk', dims: key },
      { name: 'dv', dims: key },
    ],
    constants: [...constants(shape), { name: 'last', type: 'int64', dims: [1], data: [-1] }],
    nodes: [
      ...weights(shape),
      ...headMajor('out'),
      ...headMajor('dOut'),
      transpose('v', 'v_K', [1, 0, 2]),
      product(['p', 'dOut_K'], 'dv_K', { transA: 1 }),
      product(['dOut_K', 'v_K'], 'dp', { transB: 1 }),
      { op: 'Mul', inputs: ['out_K', 'dOut_K'], outputs: ['agreement'] },
      {
        op: 'ReduceSum',
        inputs: ['agreement', 'last'],
        outputs: ['rowSum'],
        attributes: { keepdims: { int: 1 } },
      },
      { op: 'Sub', inputs: ['dp', 'rowSum'], outputs: ['centred'] },
      { op: 'Mul', inputs: ['p', 'centred'], outputs: ['ds'] },
      product(['ds', 'k_K'], 'dq_K', { alpha: shape.scale }),
      product(['ds', 'q_K'], 'dk_K', { transA: 1, alpha: shape.scale }),
      reshape('dq_K', 'dq_KMFD', 'split'),
      transpose('dq_KMFD', 'dq', [1, 0, 2, 3]),
      transpose('dk_K', 'dk', [1, 0, 2]),
      transpose('dv_K', 'dv', [1, 0, 2]),
    ],
  });
}
