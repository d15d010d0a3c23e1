import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** What a kernel computes from; `inputs` and `attrs` as tfjs names them for the kernel. */
export interface KernelCall<Inputs, Attributes> {
  readonly inputs: { readonly [Name in keyof Inputs]: NonNullable<Inputs[Name]> };
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

/** Computes a kernel's outputs. */
export type Compute<Inputs, Attributes, Output = tf.TensorInfo> = (
  call: KernelCall<Inputs, Attributes>,
) => Output;

/** A replacement for (or an addition to) the wasm backend's kernels. */
export interface WasmKernel {
  readonly kernelName: string;
  /** Makes the kernel; `shipped` is the one that it replaces, undefined where the backend has none. */
  readonly make: (shipped: tf.KernelFunc | undefined) => tf.KernelFunc;
}

/** Declares a kernel that handles every call itself. */
export function wasmKernel<Inputs, Attributes, Output = tf.TensorInfo>(
  kernelName: string,
  compute: Compute<Inputs, Attributes, Output>,
): WasmKernel {
  return { kernelName, make: () => compute as unknown as tf.KernelFunc };
}

/** Declares a kernel that leaves the calls for which `takes` is false to the shipped one. */
export function partialWasmKernel<Inputs, Attributes, Output = tf.TensorInfo>(
  kernelName: string,
  takes: (call: KernelCall<Inputs, Attributes>) => boolean,
  compute: Compute<Inputs, Attributes, Output>,
): WasmKernel {
  return {
    kernelName,
    make: (shipped) => (params) => {
      const call = params as unknown as KernelCall<Inputs, Attributes>;
      if (shipped !== undefined && !takes(call)) return shipped(params);
      return compute(call) as tf.TensorInfo;
    },
  };
}

/** Runs another kernel of the wasm backend, as it is registered now. */
export function callKernel(
  backend: BackendWasm,
  kernelName: string,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attrs: object = {},
): tf.TensorInfo {
  const kernel = tf.getKernel(kernelName, 'wasm');
  return kernel.kernelFunc({ inputs, attrs: attrs as tf.NamedAttrMap, backend }) as tf.TensorInfo;
}

/** The same values under another shape, without a copy. */
export function sharing(backend: BackendWasm, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: [...shape], dtype: x.dtype };
}
