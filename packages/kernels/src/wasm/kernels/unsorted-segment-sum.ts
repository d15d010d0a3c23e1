import * as tf from '@tensorflow/tfjs-core';
import { integers, sizeOf } from '../heap.js';
import { wasmKernel } from '../wasm-kernel.js';

/**
 * UnsortedSegmentSum, the gradient of gather, which the wasm backend lacks: rows of x added up by segment.
 * Rows with an id outside of 0..numSegments-1 are left out, as on tfjs's other backends.
 */
export const unsortedSegmentSum = wasmKernel<tf.UnsortedSegmentSumInputs, tf.UnsortedSegmentSumAttrs>(
  tf.UnsortedSegmentSum,
  ({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }) => {
    const batch = sizeOf(segmentIds.shape);
    const width = sizeOf(x.shape.slice(segmentIds.shape.length));
    const output = backend.makeOutput([numSegments, ...x.shape.slice(segmentIds.shape.length)], x.dtype);
    const sums = backend.typedArrayFromHeap(output);
    const rows = backend.typedArrayFromHeap(x);
    const ids = integers(backend, segmentIds);
    sums.fill(0);
    for (let i = 0; i < batch; i++) {
      if (ids[i] < 0 || ids[i] >= numSegments) continue;
      const [write, read] = [ids[i] * width, i * width];
      for (let j = 0; j < width; j++) sums[write + j] += rows[read + j];
    }
    return output;
  },
);
