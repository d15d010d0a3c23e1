import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import { type NativeGraph, type NativeTensor, wasmView } from '../../native/index.js';
import { allOrNothing, type Own } from '../../wasm/all-or-nothing.js';
import type { WasmKernel } from '../../wasm/wasm-kernel.js';
import { CACHE_APPEND, DECODE_ATTENTION } from './decode-attention.js';
import { type DecodeShape, ownGraph, sharedGraph } from './native-graph.js';

type KernelCall = Parameters<tf.KernelFunc>[0];

const graphsByShape = new Map<string, { readonly own: NativeGraph; readonly shared: NativeGraph }>();

function graphsFor(shape: DecodeShape) {
  const key = [shape.keyValueHeads, shape.perKey, shape.headDim, shape.scale].join();
  let graphs = graphsByShape.get(key);
  if (!graphs) {
    graphs = { own: ownGraph(shape), shared: sharedGraph(shape) };
    graphsByShape.set(key, graphs);
  }
  return graphs;
}

function decode({ inputs: named, attrs }: KernelCall, wasm: BackendWasm, own: Own): tf.TensorInfo {
  const inputs = named as Record<string, tf.TensorInfo>;
  const [branches, heads, headDim] = inputs.q.shape;
  const [, keyValueHeads, capacity] = inputs.ownKeys.shape;
  const perKey = heads / keyValueHeads;
  const { scale } = attrs as { scale: number };
  const graphs = graphsFor({ keyValueHeads, perKey, headDim, scale });
  const out = own(wasm.makeOutput([branches, heads, headDim], 'float32'));
  const view = (tensor: tf.TensorInfo, dims: readonly number[] = tensor.shape): NativeTensor => ({
    data: wasmView(wasm, tensor).data,
    dims,
  });
  const sizes = (...values: number[]) => ({
    data: BigInt64Array.from(values.map(BigInt)),
    dims: [values.length],
  });
  const queryDims = [branches, keyValueHeads, perKey, headDim];
  const branch = {
    q: view(inputs.q, queryDims),
    ownKeys: view(inputs.ownKeys),
    ownValues: view(inputs.ownValues),
    ownMask: view(inputs.ownMask, [branches, 1, 1, capacity]),
  };
  const result = { out: view(out, queryDims) };
  if (!('sharedKeys' in inputs)) {
    graphs.own.run(branch, result);
    return out;
  }
  const [, , tokens] = inputs.sharedKeys.shape;
  const document = [keyValueHeads, tokens, headDim];
  graphs.shared.run(
    {
      ...branch,
      sharedKeys: view(inputs.sharedKeys, document),
      sharedValues: view(inputs.sharedValues, document),
      sharedMask: view(inputs.sharedMask, [branches, 1, tokens]),
      apart: sizes(keyValueHeads, branches, perKey, tokens),
      together: sizes(keyValueHeads, branches * perKey, tokens),
    },
    result,
  );
  return out;
}

function append({ inputs: named, backend }: KernelCall): tf.TensorInfo {
  const inputs = named as Record<string, tf.TensorInfo>;
  const wasm = backend as BackendWasm;
  const [column] = wasmView(wasm, inputs.column).data as Int32Array;
  const [branches, heads, capacity, headDim] = inputs.cache.shape;
  const cache = wasmView(wasm, inputs.cache).data as Float32Array;
  const rows = wasmView(wasm, inputs.rows).data as Float32Array;
  for (let row = 0; row < branches * heads; row++) {
    let to = (row * capacity + column) * headDim;
    for (let from = row * headDim; from < (row + 1) * headDim; from++) cache[to++] = rows[from];
  }
  wasm.incRef(inputs.cache.dataId);
  return { dataId: inputs.cache.dataId, shape: inputs.cache.shape, dtype: inputs.cache.dtype };
}

/** Caches that are written in place. */
export const CACHE_APPEND_WASM: readonly WasmKernel[] = [{ kernelName: CACHE_APPEND, make: () => append }];

/** Native, multithreaded decoding attention. Needs the native engine. */
export const DECODE_ATTENTION_WASM: readonly WasmKernel[] = [
  {
    kernelName: DECODE_ATTENTION,
    make: () => (call) => {
      const wasm = call.backend as BackendWasm;
      return allOrNothing(wasm, (own) => decode(call, wasm, own));
    },
  },
];
