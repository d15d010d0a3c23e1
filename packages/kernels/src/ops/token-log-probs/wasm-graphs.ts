import { type NativeGraph, nativeGraph } from '../../native/index.js';
import { axis, node } from '../native-nodes.js';

const HIDDEN = { name: 'hidden', dims: ['c', 'd'] };
const WEIGHT = { name: 'weight', dims: ['v', 'd'] };
/** 1 / temperature. */
const SCALE = { name: 'scale', dims: [] };
const columnOf = (name: string) => ({ name, dims: ['c', 1] });

/** logits = hidden · scale · weightᵀ. */
export const LOGITS = [
  node('Mul', ['hidden', 'scale'], 'scaled'),
  node('Gemm', ['scaled', 'weight'], 'logits', { transB: { int: 1 } }),
];

export const LOGITS_INPUTS = [HIDDEN, WEIGHT, SCALE];

/** From `logits`: `max`, `weights` = exp(logits − max) and their sum, `total`. Needs the constant `columns`. */
export const WEIGHTS = [
  node('ReduceMax', ['logits', 'columns'], 'max'),
  node('Sub', ['logits', 'max'], 'shifted'),
  node('Exp', ['shifted'], 'weights'),
  node('ReduceSum', ['weights', 'columns'], 'total'),
];

export const COLUMNS = axis('columns', 1);

export const GREEDY = node('ArgMax', ['logits'], 'greedy', { axis: { int: 1 }, keepdims: { int: 1 } });

/** What a chunk's rows are worth, without the logits leaving the engine: expected = Σ weights · shifted. */
export const forwardGraph: NativeGraph = nativeGraph({
  name: 'tokenLogProbs',
  nodes: [
    ...LOGITS,
    ...WEIGHTS,
    GREEDY,
    node('Mul', ['weights', 'shifted'], 'products'),
    node('ReduceSum', ['products', 'columns'], 'expected'),
  ],
  inputs: LOGITS_INPUTS,
  outputs: [
    columnOf('max'),
    columnOf('total'),
    columnOf('expected'),
    { name: 'greedy', dims: ['c', 1], type: 'int64' },
  ],
  constants: [COLUMNS],
});

/** p = softmax(logits). */
const SOFTMAX = [node('Softmax', ['logits'], 'spread', { axis: { int: 1 } })];

/** A chunk's softmax, with the largest logit and the largest probability, which is 1 / Σ exp(logit − max). */
export const softmaxGraph: NativeGraph = nativeGraph({
  name: 'targetLogProbs',
  nodes: [
    ...LOGITS,
    node('ReduceMax', ['logits', 'columns'], 'max'),
    ...SOFTMAX,
    node('ReduceMax', ['spread', 'columns'], 'top'),
  ],
  inputs: LOGITS_INPUTS,
  outputs: [{ name: 'spread', dims: ['c', 'v'] }, columnOf('max'), columnOf('top')],
  constants: [COLUMNS],
});

/**
 * spread = p · (g + e·(log p + H)), the part of −dlogits that reaches every token, with columns offset = g + e·H,
 * factor = e, normaliser.
 */
const SPREAD_WITH_ENTROPY = [
  node('Sub', ['logits', 'normaliser'], 'logP'),
  node('Exp', ['logP'], 'p'),
  node('Mul', ['logP', 'factor'], 'surprise'),
  node('Add', ['surprise', 'offset'], 'share'),
  node('Mul', ['p', 'share'], 'spread'),
];

const BACK_TO_WEIGHT = [
  node('Mul', ['hidden', 'rate'], 'rated'),
  node('Gemm', ['spread', 'rated', 'before'], 'after', { transA: { int: 1 } }),
];

/**
 * The dense part of the gradients: `mixed` = spread · weight, and, with a gradient of the weight,
 * after = before + spreadᵀ · (hidden · rate). `after` may lie on `before`.
 */
function backwardGraph(entropyGradient: boolean, weightGradient: boolean): NativeGraph {
  return nativeGraph({
    name: 'tokenLogProbs gradient',
    nodes: [
      ...LOGITS,
      ...(entropyGradient ? SPREAD_WITH_ENTROPY : SOFTMAX),
      node('MatMul', ['spread', 'weight'], 'mixed'),
      ...(weightGradient ? BACK_TO_WEIGHT : []),
    ],
    inputs: [
      ...LOGITS_INPUTS,
      ...(entropyGradient ? ['normaliser', 'factor', 'offset'].map(columnOf) : []),
      ...(weightGradient ? [columnOf('rate'), { name: 'before', dims: ['v', 'd'] }] : []),
    ],
    outputs: [
      { name: 'mixed', dims: ['c', 'd'] },
      ...(weightGradient ? [{ name: 'after', dims: ['v', 'd'] }] : []),
    ],
  });
}

const BACKWARD = {
  neither: backwardGraph(false, false),
  weight: backwardGraph(false, true),
  entropy: backwardGraph(true, false),
  both: backwardGraph(true, true),
};

/** The graph for the gradients that are wanted. */
export function backwardGraphFor(entropyGradient: boolean, weightGradient: boolean): NativeGraph {
  if (entropyGradient) return weightGradient ? BACKWARD.both : BACKWARD.entropy;
  return weightGradient ? BACKWARD.weight : BACKWARD.neither;
}
