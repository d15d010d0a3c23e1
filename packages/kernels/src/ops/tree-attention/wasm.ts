import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import { type NativeGraph, type NativeTensor, wasmView } from '../../native/index.js';
import { scratch } from '../../wasm/scratch.js';
import type { WasmKernel } from '../../wasm/wasm-kernel.js';
import type { TokenRun } from './attention-group.js';
import { cutKeys, type KeyStretch } from './cut-keys.js';
import { type AttentionShape, backwardGraph, forwardGraph } from './native-graphs.js';
import { type AttentionBlock, fillBlockMask, planBlocks } from './plan-blocks.js';
import { TREE_ATTENTION, TREE_ATTENTION_GRADIENT, type TreeAttentionAttributes } from './tree-attention.js';

const graphs = new Map<string, NativeGraph>();

function kept(key: readonly (string | number | boolean)[], make: () => NativeGraph): NativeGraph {
  const name = key.join();
  let graph = graphs.get(name);
  if (!graph) {
    graph = make();
    graphs.set(name, graph);
  }
  return graph;
}

const keyOf = ({ keyValueHeads, perKey, headDim, scale }: AttentionShape) => [
  keyValueHeads,
  perKey,
  headDim,
  scale,
];

const borrow = scratch();

/** Runs of packed rows that a stretch of a block's keys is. */
function runsOf(block: AttentionBlock, { first, count }: KeyStretch): TokenRun[] {
  const runs: TokenRun[] = [];
  let before = 0;
  for (const { start, length } of block.keys) {
    const from = Math.max(first, before);
    const to = Math.min(first + count, before + length);
    if (to > from) runs.push({ start: start + from - before, length: to - from });
    before += length;
  }
  return runs;
}

/** Rows of packed keys or values: where they lie when they are one run, else copied side by side. */
function gathered(
  role: string,
  packed: Float32Array,
  runs: readonly TokenRun[],
  width: number,
): Float32Array {
  const [only] = runs;
  if (runs.length === 1) return packed.subarray(only.start * width, (only.start + only.length) * width);
  const out = borrow(role, runs.reduce((sum, { length }) => sum + length, 0) * width);
  let at = 0;
  for (const { start, length } of runs) {
    out.set(packed.subarray(start * width, (start + length) * width), at);
    at += length * width;
  }
  return out;
}

function addTo(packed: Float32Array, at: number, values: Float32Array, from: number, count: number): void {
  for (let i = 0; i < count; i++) packed[at + i] += values[from + i];
}

/** Adds a stretch's key or value gradients to the packed ones. */
function scatterAdd(
  packed: Float32Array,
  gradient: Float32Array,
  runs: readonly TokenRun[],
  width: number,
): void {
  let from = 0;
  for (const { start, length } of runs) {
    addTo(packed, start * width, gradient, from, length * width);
    from += length * width;
  }
}

const floats = (backend: BackendWasm, tensor: tf.TensorInfo): Float32Array =>
  wasmView(backend, tensor).data as Float32Array;

function readArguments(inputs: Record<string, tf.TensorInfo>, attrs: tf.NamedAttrMap | undefined) {
  const { groups, scale, differentiable } = attrs as unknown as TreeAttentionAttributes;
  const [, heads, headDim] = inputs.q.shape;
  const keyValueHeads = inputs.k.shape[1];
  const shape: AttentionShape = { keyValueHeads, perKey: heads / keyValueHeads, headDim, scale };
  return { shape, heads, blocks: planBlocks(groups), differentiable };
}

interface Views {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

/** How a block lies in packed tensors. */
function blockRows(block: AttentionBlock, { keyValueHeads, perKey, headDim }: AttentionShape) {
  const heads = keyValueHeads * perKey;
  const { queryStart, queries } = block;
  return {
    /** A block's queries, outputs or their gradients. */
    queries: (data: Float32Array) => ({
      data: data.subarray(queryStart * heads * headDim, (queryStart + queries) * heads * headDim),
      dims: [queries, keyValueHeads, perKey, headDim],
    }),
    /** A number for each query and head, head by head within the block. */
    column: (data: Float32Array) => ({
      data: data.subarray(queryStart * heads, (queryStart + queries) * heads),
      dims: [keyValueHeads, queries * perKey, 1],
    }),
  };
}

/** What both directions feed: a block's queries, and a stretch's keys, values and mask. */
function stretchFeeds(block: AttentionBlock, stretch: KeyStretch, shape: AttentionShape, { q, k, v }: Views) {
  const { keyValueHeads, perKey, headDim } = shape;
  const width = keyValueHeads * headDim;
  const runs = runsOf(block, stretch);
  const keyDims = [stretch.count, keyValueHeads, headDim];
  const mask = () => {
    const data = borrow('mask', block.queries * stretch.count);
    return { data: fillBlockMask(block, stretch.first, data), dims: [block.queries, stretch.count] };
  };
  const perQuery = () => ({
    data: BigInt64Array.from([keyValueHeads, block.queries, perKey, stretch.count].map(BigInt)),
    dims: [4],
  });
  const feeds: Record<string, NativeTensor> = {
    q: blockRows(block, shape).queries(q),
    k: { data: gathered('k', k, runs, width), dims: keyDims },
    v: { data: gathered('v', v, runs, width), dims: keyDims },
    ...(stretch.masked ? { mask: mask(), ...(perKey === 1 ? {} : { perQuery: perQuery() }) } : {}),
  };
  return { feeds, runs, keyDims, width };
}

type KernelCall = Parameters<tf.KernelFunc>[0];

/** What a block attended to before, copied: outputs are written where it lay. */
function copied(role: string, { data, dims }: { data: Float32Array; dims: number[] }): NativeTensor {
  const copy = borrow(role, data.length);
  copy.set(data);
  return { data: copy, dims };
}

function forward({ inputs: named, attrs, backend }: KernelCall): tf.TensorInfo[] {
  const wasm = backend as BackendWasm;
  const inputs = named as Record<string, tf.TensorInfo>;
  const { shape, heads, blocks, differentiable } = readArguments(inputs, attrs);
  const outputs = [wasm.makeOutput(inputs.q.shape, 'float32')];
  if (differentiable) outputs.push(wasm.makeOutput([inputs.q.shape[0], heads], 'float32'));
  const views = { q: floats(wasm, inputs.q), k: floats(wasm, inputs.k), v: floats(wasm, inputs.v) };
  const outView = floats(wasm, outputs[0]);
  const lseView = differentiable ? floats(wasm, outputs[1]) : borrow('lse', inputs.q.shape[0] * heads);
  for (const block of blocks) {
    const rows = blockRows(block, shape);
    const [out, lse] = [rows.queries(outView), rows.column(lseView)];
    const stretches = cutKeys(block, heads);
    for (const [index, stretch] of stretches.entries()) {
      const step = {
        masked: stretch.masked,
        goesOn: index > 0,
        lse: differentiable || stretches.length > 1,
      };
      const graph = kept(['forward', ...keyOf(shape), ...Object.values(step)], () =>
        forwardGraph(shape, step),
      );
      const { feeds } = stretchFeeds(block, stretch, shape, views);
      const before: Record<string, NativeTensor> = step.goesOn
        ? { outBefore: copied('outBefore', out), lseBefore: copied('lseBefore', lse) }
        : {};
      graph.run({ ...feeds, ...before }, { out, ...(step.lse ? { lse } : {}) });
    }
  }
  return outputs;
}

function backward({ inputs: named, attrs, backend }: KernelCall): tf.TensorInfo[] {
  const wasm = backend as BackendWasm;
  const inputs = named as Record<string, tf.TensorInfo>;
  const { shape, heads, blocks } = readArguments(inputs, attrs);
  const [dq, dk, dv] = [inputs.q, inputs.k, inputs.v].map(({ shape: s }) => wasm.makeOutput(s, 'float32'));
  const views = { q: floats(wasm, inputs.q), k: floats(wasm, inputs.k), v: floats(wasm, inputs.v) };
  const [out, lse, dOut, dqView, dkView, dvView] = [
    ...[inputs.out, inputs.lse, inputs.gradient],
    ...[dq, dk, dv],
  ].map((t) => floats(wasm, t));
  dkView.fill(0);
  dvView.fill(0);
  for (const block of blocks) {
    const rows = blockRows(block, shape);
    const given = { out: rows.queries(out), dOut: rows.queries(dOut), lse: rows.column(lse) };
    const whole = rows.queries(dqView);
    for (const [index, stretch] of cutKeys(block, heads).entries()) {
      const { feeds, runs, keyDims, width } = stretchFeeds(block, stretch, shape, views);
      const stretchDk = borrow('dk', stretch.count * width);
      const stretchDv = borrow('dv', stretch.count * width);
      const stretchDq = index === 0 ? whole.data : borrow('dq', whole.data.length);
      const graph = kept(['backward', ...keyOf(shape), stretch.masked], () =>
        backwardGraph(shape, stretch.masked),
      );
      graph.run(
        { ...feeds, ...given },
        {
          dq: { data: stretchDq, dims: whole.dims },
          dk: { data: stretchDk, dims: keyDims },
          dv: { data: stretchDv, dims: keyDims },
        },
      );
      if (index > 0) addTo(whole.data, 0, stretchDq, 0, stretchDq.length);
      scatterAdd(dkView, stretchDk, runs, width);
      scatterAdd(dvView, stretchDv, runs, width);
    }
  }
  return [dq, dk, dv];
}

/** Native, multithreaded tree attention. Needs the native engine. */
export const TREE_ATTENTION_WASM: readonly WasmKernel[] = [
  { kernelName: TREE_ATTENTION, make: () => forward },
  { kernelName: TREE_ATTENTION_GRADIENT, make: () => backward },
];
