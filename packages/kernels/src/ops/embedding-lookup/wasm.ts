import type { TensorInfo } from '@tensorflow/tfjs-core';
import { floats, integers } from '../../wasm/heap.js';
import { type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { requireTokenIds } from '../token-ids.js';
import { EMBEDDING_LOOKUP, EMBEDDING_LOOKUP_GRADIENT } from './embedding-lookup.js';

/** `embeddingLookup` as plain loops over the wasm heap: memory moves, which nothing native would speed up. */
export const EMBEDDING_LOOKUP_WASM: readonly WasmKernel[] = [
  wasmKernel<{ weight: TensorInfo; tokenIds: TensorInfo }, object>(
    EMBEDDING_LOOKUP,
    ({ inputs: { weight, tokenIds }, backend }) => {
      const [vocabularySize, width] = weight.shape;
      requireTokenIds('embeddingLookup', 'tokenIds', integers(backend, tokenIds), vocabularySize);
      const out = backend.makeOutput([tokenIds.shape[0], width], 'float32');
      const table = floats(backend, weight);
      const rows = floats(backend, out);
      integers(backend, tokenIds).forEach((id, token) => {
        rows.set(table.subarray(id * width, (id + 1) * width), token * width);
      });
      return out;
    },
  ),
  wasmKernel<{ tokenIds: TensorInfo; gradient: TensorInfo }, { vocabularySize: number }>(
    EMBEDDING_LOOKUP_GRADIENT,
    ({ inputs: { tokenIds, gradient }, attrs, backend }) => {
      const width = gradient.shape[1];
      const out = backend.makeOutput([attrs.vocabularySize, width], 'float32');
      const rows = floats(backend, gradient);
      const table = floats(backend, out).fill(0);
      integers(backend, tokenIds).forEach((id, token) => {
        let from = token * width;
        for (let to = id * width; to < (id + 1) * width; to++) table[to] += rows[from++];
      });
      return out;
    },
  ),
];
