import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** What is used of the library that holds the heap, made by Emscripten; tfjs leaves its type out. */
export interface WasmLibrary {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  cwrap<Signature>(name: string, returns: null, takes: readonly string[]): Signature;
}

/** The library of a backend. */
export const libraryOf = (backend: BackendWasm): WasmLibrary => backend.wasm as unknown as WasmLibrary;

/** Bytes of the heap that belong to a tensor start here. */
export const byteOffset = (backend: BackendWasm, x: TensorInfo): number =>
  backend.dataIdMap.get(x.dataId).memoryOffset;

/** Heap and the tensor's place in it, in elements of its dtype. Lost when the heap grows. */
export interface Place {
  readonly memory: Int32Array | Uint8Array;
  readonly offset: number;
}

/** Whether tensors of a dtype lie in the heap; strings do not. */
export const inHeap = (dtype: DataType): boolean =>
  dtype === 'float32' || dtype === 'int32' || dtype === 'bool';

/** Where a tensor lies, for moving its elements about whatever they mean. */
export function place(backend: BackendWasm, x: TensorInfo): Place {
  const offset = byteOffset(backend, x);
  const { HEAPU8 } = libraryOf(backend);
  if (x.dtype === 'bool') return { memory: HEAPU8, offset };
  return { memory: new Int32Array(HEAPU8.buffer), offset: offset / Int32Array.BYTES_PER_ELEMENT };
}

/** A float32 tensor's values. Lost when the heap grows. */
export const floats = (backend: BackendWasm, x: TensorInfo): Float32Array =>
  backend.typedArrayFromHeap(x) as Float32Array;

/** An int32 tensor's values. Lost when the heap grows. */
export const integers = (backend: BackendWasm, x: TensorInfo): Int32Array =>
  backend.typedArrayFromHeap(x) as Int32Array;

/** Product of dimensions. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);
