import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import { type NativeGraph, wasmView } from '../../native/index.js';
import { scratch } from '../../wasm/scratch.js';
import type { WasmKernel } from '../../wasm/wasm-kernel.js';
import type { AttentionGroup } from './attention-group.js';
import { type AttentionShape, backwardGraph, forwardGraph } from './native-graphs.js';
import { type AttentionBlock, planBlocks } from './plan-blocks.js';
import { TREE_ATTENTION, TREE_ATTENTION_GRADIENT } from './tree-attention.js';

interface Graphs {
  readonly forward: NativeGraph;
  readonly backward: NativeGraph;
}

const graphsByShape = new Map<string, Graphs>();

function graphsFor(shape: AttentionShape): Graphs {
  const key = [shape.keyValueHeads, shape.perKey, shape.headDim, shape.scale].join();
  let graphs = graphsByShape.get(key);
  if (!graphs) {
    graphs = { forward: forwardGraph(shape), backward: backwardGraph(shape) };
    graphsByShape.set(key, graphs);
  }
  return graphs;
}

const borrow = scratch();

/** A block's rows of packed keys or values: where they lie when they are one run, else copied side by side. */
function gathered(role: string, packed: Float32Array, block: AttentionBlock, width: number): Float32Array {
  const [first] = block.keys;
  if (block.keys.length === 1)
    return packed.subarray(first.start * width, (first.start + first.length) * width);
  const out = borrow(role, block.keyCount * width);
  let at = 0;
  for (const { start, length } of block.keys) {
    out.set(packed.subarray(start * width, (start + length) * width), at);
    at += length * width;
  }
  return out;
}

/** Adds a block's key or value gradients to the packed ones. */
function scatterAdd(
  packed: Float32Array,
  gradient: Float32Array,
  block: AttentionBlock,
  width: number,
): void {
  let from = 0;
  for (const { start, length } of block.keys) {
    let to = start * width;
    for (let i = 0; i < length * width; i++) packed[to++] += gradient[from++];
  }
}

const floats = (backend: BackendWasm, tensor: tf.TensorInfo): Float32Array =>
  wasmView(backend, tensor).data as Float32Array;

function readArguments(inputs: Record<string, tf.TensorInfo>, attrs: tf.NamedAttrMap | undefined) {
  const { groups, scale } = attrs as unknown as { groups: readonly AttentionGroup[]; scale: number };
  const [, heads, headDim] = inputs.q.shape;
  const keyValueHeads = inputs.k.shape[1];
  const shape = { keyValueHeads, perKey: heads / keyValueHeads, headDim, scale };
  return {
    shape,
    blocks: planBlocks(groups),
    queryWidth: heads * headDim,
    keyWidth: keyValueHeads * headDim,
    graphs: graphsFor(shape),
  };
}

/** What both directions feed: a block's queries, keys, values and mask. */
function blockFeeds(
  block: AttentionBlock,
  shape: AttentionShape,
  views: { readonly q: Float32Array; readonly k: Float32Array; readonly v: Float32Array },
) {
  const { keyValueHeads, perKey, headDim } = shape;
  const queryWidth = keyValueHeads * perKey * headDim;
  const keyWidth = keyValueHeads * headDim;
  const queryDims = [block.queries, keyValueHeads, perKey, headDim];
  const keyDims = [block.keyCount, keyValueHeads, headDim];
  const rows = (data: Float32Array) => ({
    data: data.subarray(block.queryStart * queryWidth, (block.queryStart + block.queries) * queryWidth),
    dims: queryDims,
  });
  const feeds = {
    q: rows(views.q),
    k: { data: gathered('k', views.k, block, keyWidth), dims: keyDims },
    v: { data: gathered('v', views.v, block, keyWidth), dims: keyDims },
    mask: { data: block.mask, dims: [block.queries, block.keyCount] },
    ...(perKey === 1
      ? {}
      : {
          perQuery: {
            data: BigInt64Array.from([keyValueHeads, block.queries, perKey, block.keyCount].map(BigInt)),
            dims: [4],
          },
        }),
  };
  return { feeds, rows, keyDims };
}

type KernelCall = Parameters<tf.KernelFunc>[0];

function forward({ inputs: named, attrs, backend }: KernelCall): tf.TensorInfo {
  const wasm = backend as BackendWasm;
  const inputs = named as Record<string, tf.TensorInfo>;
  const { shape, blocks, graphs } = readArguments(inputs, attrs);
  const out = wasm.makeOutput(inputs.q.shape, 'float32');
  const views = { q: floats(wasm, inputs.q), k: floats(wasm, inputs.k), v: floats(wasm, inputs.v) };
  const outView = floats(wasm, out);
  for (const block of blocks) {
    const { feeds, rows } = blockFeeds(block, shape, views);
    graphs.forward.run(feeds, { out: rows(outView) });
  }
  return out;
}

function backward({ inputs: named, attrs, backend }: KernelCall): tf.TensorInfo[] {
  const wasm = backend as BackendWasm;
  const inputs = named as Record<string, tf.TensorInfo>;
  const { shape, blocks, graphs, keyWidth } = readArguments(inputs, attrs);
  const [dq, dk, dv] = [inputs.q, inputs.k, inputs.v].map(({ shape: s }) => wasm.makeOutput(s, 'float32'));
  const views = { q: floats(wasm, inputs.q), k: floats(wasm, inputs.k), v: floats(wasm, inputs.v) };
  const [out, dOut, dqView, dkView, dvView] = [inputs.out, inputs.gradient, dq, dk, dv].map((t) =>
    floats(wasm, t),
  );
  dkView.fill(0);
  dvView.fill(0);
  for (const block of blocks) {
    const { feeds, rows, keyDims } = blockFeeds(block, shape, views);
    const blockDk = borrow('dk', block.keyCount * keyWidth);
    const blockDv = borrow('dv', block.keyCount * keyWidth);
    graphs.backward.run(
      { ...feeds, out: rows(out), dOut: rows(dOut) },
      { dq: rows(dqView), dk: { data: blockDk, dims: keyDims }, dv: { data: blockDv, dims: keyDims } },
    );
    scatterAdd(dkView, blockDk, block, keyWidth);
    scatterAdd(dvView, blockDv, block, keyWidth);
  }
  return [dq, dk, dv];
}

/** Native, multithreaded tree attention. Needs the native engine. */
export const TREE_ATTENTION_WASM: readonly WasmKernel[] = [
  { kernelName: TREE_ATTENTION, make: () => forward },
  { kernelName: TREE_ATTENTION_GRADIENT, make: () => backward },
];
