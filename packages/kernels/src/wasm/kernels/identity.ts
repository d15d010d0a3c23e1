import * as tf from '@tensorflow/tfjs-core';
import { inHeap } from '../heap.js';
import { partialWasmKernel, sharing } from '../wasm-kernel.js';

/** Identity shares memory (tensors never change); the shipped one copies. */
export const identity = partialWasmKernel<tf.IdentityInputs, object>(
  tf.Identity,
  ({ inputs }) => inHeap(inputs.x.dtype),
  ({ inputs: { x }, backend }) => sharing(backend, x, x.shape),
);

/** Cast to the dtype that a tensor has already: memory shared; all others as shipped. */
export const cast = partialWasmKernel<tf.CastInputs, tf.CastAttrs>(
  tf.Cast,
  ({ inputs, attrs }) => inHeap(inputs.x.dtype) && inputs.x.dtype === attrs.dtype,
  ({ inputs: { x }, backend }) => sharing(backend, x, x.shape),
);
