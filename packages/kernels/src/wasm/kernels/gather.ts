import * as tf from '@tensorflow/tfjs-core';
import { KernelInputError } from '../errors.js';
import { inHeap, integers, place } from '../heap.js';
import { partialWasmKernel } from '../wasm-kernel.js';

// Below this many elements a loop is faster than a call of copyWithin (measured: they meet at about 48).
const SHORT_ROW = 48;

/** GatherV2 along any axis, with batches: rows copied as they are, once. Throws when an index is out of range. */
export const gather = partialWasmKernel<tf.GatherV2Inputs, tf.GatherV2Attrs>(
  tf.GatherV2,
  ({ inputs }) => inHeap(inputs.x.dtype) && inputs.indices.dtype === 'int32',
  ({ inputs: { x, indices }, attrs, backend }) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, x.shape);
    const { batchSize, outerSize, sliceSize, outputShape, dimSize } =
      tf.backend_util.segment_util.collectGatherOpShapeInfo(
        x as tf.Tensor,
        indices as tf.Tensor,
        axis,
        attrs.batchDims,
      );
    const output = backend.makeOutput(outputShape, x.dtype);
    const rows = integers(backend, indices);
    const { memory, offset } = place(backend, x);
    let write = place(backend, output).offset;
    for (const row of rows) {
      if (row < 0 || row >= dimSize) {
        backend.disposeData(output.dataId);
        throw new KernelInputError(`gather: index ${row} is not within 0..${dimSize - 1} of axis ${axis}`);
      }
    }
    const perBatch = rows.length / batchSize;
    for (let block = 0; block < batchSize * outerSize; block++) {
      const first = Math.floor(block / outerSize) * perBatch;
      const base = offset + block * dimSize * sliceSize;
      for (let i = first; i < first + perBatch; i++) {
        let read = base + rows[i] * sliceSize;
        if (sliceSize >= SHORT_ROW) memory.copyWithin(write, read, read + sliceSize);
        else for (let j = 0; j < sliceSize; j++) memory[write + j] = memory[read++];
        write += sliceSize;
      }
    }
    return output;
  },
);
