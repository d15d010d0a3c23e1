import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import { type NativeGraph, type NativeTensor, wasmView } from '../../native/index.js';
import { allOrNothing, type Own } from '../../wasm/all-or-nothing.js';
import { scratch } from '../../wasm/scratch.js';
import type { WasmKernel } from '../../wasm/wasm-kernel.js';
import type { TokenRun } from './attention-group.js';
import { type BlockBatch, batchBlocks } from './block-batches.js';
import { cutKeys, type KeyStretch, SCORES } from './cut-keys.js';
import { type AttentionShape, backwardGraph, forwardGraph } from './native-graphs.js';
import { type AttentionBlock, fillBlockMask, joined, planBlocks } from './plan-blocks.js';
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

/** Rows of packed tensors: where they lie when they are one run, else copied side by side. */
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
  return { shape, heads, batches: batchBlocks(planBlocks(groups), heads, SCORES), differentiable };
}

interface Views {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

/** Packed rows that are written to. */
interface Written {
  readonly tensor: NativeTensor & { readonly data: Float32Array };
  /** Brings what was written to its place, where it was not written there. */
  readonly bring: () => void;
}

/** Where rows of packed tensors are written: at their place when they are one run, else aside. */
function written(
  role: string,
  packed: Float32Array,
  runs: readonly TokenRun[],
  width: number,
  dims: readonly number[],
): Written {
  const [only] = runs;
  const at = ({ start, length }: TokenRun) => packed.subarray(start * width, (start + length) * width);
  if (runs.length === 1) return { tensor: { data: at(only), dims }, bring: () => {} };
  const data = borrow(role, runs.reduce((sum, { length }) => sum + length, 0) * width);
  const bring = () => {
    let from = 0;
    for (const run of runs) {
      at(run).set(data.subarray(from, from + run.length * width));
      from += run.length * width;
    }
  };
  return { tensor: { data, dims }, bring };
}

/** How the queries of a batch lie in packed tensors. */
function queryRows(batch: BlockBatch, { keyValueHeads, perKey, headDim }: AttentionShape) {
  const heads = keyValueHeads * perKey;
  const [{ queries }] = batch;
  const runs = joined(batch.map((block) => ({ start: block.queryStart, length: block.queries })));
  const wide = [batch.length, queries, keyValueHeads, perKey, headDim];
  const column = [batch.length, keyValueHeads, queries * perKey, 1];
  return {
    /** Queries, outputs or their gradients. */
    read: (role: string, data: Float32Array): NativeTensor => ({
      data: gathered(role, data, runs, heads * headDim),
      dims: wide,
    }),
    write: (role: string, data: Float32Array) => written(role, data, runs, heads * headDim, wide),
    /** A number for each query and head, head by head within each block. */
    readColumn: (role: string, data: Float32Array): NativeTensor => ({
      data: gathered(role, data, runs, heads),
      dims: column,
    }),
    writeColumn: (role: string, data: Float32Array) => written(role, data, runs, heads, column),
  };
}

/** What both directions feed: a batch's queries, and a stretch's keys, values and mask. */
function stretchFeeds(batch: BlockBatch, stretch: KeyStretch, shape: AttentionShape, { q, k, v }: Views) {
  const { keyValueHeads, perKey, headDim } = shape;
  const [block] = batch;
  const width = keyValueHeads * headDim;
  const runs = joined(batch.flatMap((one) => runsOf(one, stretch)));
  const keyDims = [batch.length, stretch.count, keyValueHeads, headDim];
  const mask = () => {
    const data = borrow('mask', block.queries * stretch.count);
    return { data: fillBlockMask(block, stretch.first, data), dims: [block.queries, stretch.count] };
  };
  const perQuery = () => ({
    data: BigInt64Array.from([batch.length, keyValueHeads, block.queries, perKey, stretch.count].map(BigInt)),
    dims: [5],
  });
  const feeds: Record<string, NativeTensor> = {
    q: queryRows(batch, shape).read('q', q),
    k: { data: gathered('k', k, runs, width), dims: keyDims },
    v: { data: gathered('v', v, runs, width), dims: keyDims },
    ...(stretch.masked ? { mask: mask(), ...(perKey === 1 ? {} : { perQuery: perQuery() }) } : {}),
  };
  return { feeds, runs, keyDims, width };
}

type KernelCall = Parameters<tf.KernelFunc>[0];

/** What a block attended to before, copied: outputs are written where it lay. */
function copied(role: string, { tensor: { data, dims } }: Written): NativeTensor {
  const copy = borrow(role, data.length);
  copy.set(data);
  return { data: copy, dims };
}

function forward({ inputs: named, attrs, backend }: KernelCall, own: Own): tf.TensorInfo[] {
  const wasm = backend as BackendWasm;
  const inputs = named as Record<string, tf.TensorInfo>;
  const { shape, heads, batches, differentiable } = readArguments(inputs, attrs);
  const outputs = [own(wasm.makeOutput(inputs.q.shape, 'float32'))];
  if (differentiable) outputs.push(own(wasm.makeOutput([inputs.q.shape[0], heads], 'float32')));
  const views = { q: floats(wasm, inputs.q), k: floats(wasm, inputs.k), v: floats(wasm, inputs.v) };
  const outView = floats(wasm, outputs[0]);
  const lseView = differentiable ? floats(wasm, outputs[1]) : borrow('lse', inputs.q.shape[0] * heads);
  for (const batch of batches) {
    const rows = queryRows(batch, shape);
    const [out, lse] = [rows.write('out', outView), rows.writeColumn('lse', lseView)];
    const stretches = cutKeys(batch[0], heads);
    for (const [index, stretch] of stretches.entries()) {
      const step = {
        masked: stretch.masked,
        goesOn: index > 0,
        lse: differentiable || stretches.length > 1,
      };
      const graph = kept(['forward', ...keyOf(shape), ...Object.values(step)], () =>
        forwardGraph(shape, step),
      );
      const { feeds } = stretchFeeds(batch, stretch, shape, views);
      const before: Record<string, NativeTensor> = step.goesOn
        ? { outBefore: copied('outBefore', out), lseBefore: copied('lseBefore', lse) }
        : {};
      graph.run({ ...feeds, ...before }, { out: out.tensor, ...(step.lse ? { lse: lse.tensor } : {}) });
    }
    out.bring();
    if (differentiable) lse.bring();
  }
  return outputs;
}

function backward({ inputs: named, attrs, backend }: KernelCall, own: Own): tf.TensorInfo[] {
  const wasm = backend as BackendWasm;
  const inputs = named as Record<string, tf.TensorInfo>;
  const { shape, heads, batches } = readArguments(inputs, attrs);
  const [dq, dk, dv] = [inputs.q, inputs.k, inputs.v].map(({ shape: s }) =>
    own(wasm.makeOutput(s, 'float32')),
  );
  const views = { q: floats(wasm, inputs.q), k: floats(wasm, inputs.k), v: floats(wasm, inputs.v) };
  const [out, lse, dOut, dqView, dkView, dvView] = [
    ...[inputs.out, inputs.lse, inputs.gradient],
    ...[dq, dk, dv],
  ].map((t) => floats(wasm, t));
  dkView.fill(0);
  dvView.fill(0);
  for (const batch of batches) {
    const rows = queryRows(batch, shape);
    const given = {
      out: rows.read('out', out),
      dOut: rows.read('dOut', dOut),
      lse: rows.readColumn('lse', lse),
    };
    const whole = rows.write('dq', dqView);
    const { data: sum, dims } = whole.tensor;
    for (const [index, stretch] of cutKeys(batch[0], heads).entries()) {
      const { feeds, runs, keyDims, width } = stretchFeeds(batch, stretch, shape, views);
      const stretchDk = borrow('dk', batch.length * stretch.count * width);
      const stretchDv = borrow('dv', batch.length * stretch.count * width);
      const stretchDq = index === 0 ? sum : borrow('stretchDq', sum.length);
      const graph = kept(['backward', ...keyOf(shape), stretch.masked], () =>
        backwardGraph(shape, stretch.masked),
      );
      graph.run(
        { ...feeds, ...given },
        {
          dq: { data: stretchDq, dims },
          dk: { data: stretchDk, dims: keyDims },
          dv: { data: stretchDv, dims: keyDims },
        },
      );
      if (index > 0) addTo(sum, 0, stretchDq, 0, stretchDq.length);
      scatterAdd(dkView, stretchDk, runs, width);
      scatterAdd(dvView, stretchDv, runs, width);
    }
    whole.bring();
  }
  return [dq, dk, dv];
}

const kernel = (
  kernelName: string,
  compute: (call: KernelCall, own: Own) => tf.TensorInfo[],
): WasmKernel => ({
  kernelName,
  make: () => (call) => allOrNothing(call.backend as BackendWasm, (own) => compute(call, own)),
});

/** Native, multithreaded tree attention. Needs the native engine. */
export const TREE_ATTENTION_WASM: readonly WasmKernel[] = [
  kernel(TREE_ATTENTION, forward),
  kernel(TREE_ATTENTION_GRADIENT, backward),
];
