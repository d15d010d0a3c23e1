import * as tf from '@tensorflow/tfjs-core';
import { ATTRIBUTE } from '../trace/tensorflow-backend.js';
import { type TensorflowKernel, tensorflowKernel, typeAttribute } from './tensorflow-kernel.js';

/**
 * tfjs-node multiplies matrices with the operation for batches of them. For two matrices TensorFlow's `MatMul` is faster, most
 * where few rows meet a large weight: 64×576×1536 and its gradients 3 to 19 %, 512×576×1536 3 to 10 % (2 cores, oneDNN).
 */
export const MAT_MUL_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<{ a: tf.Tensor; b: tf.Tensor }, tf.BatchMatMulAttrs>(
    tf.BatchMatMul,
    ({ inputs: { a, b }, attributes: { transposeA, transposeB }, backend }) => {
      const matrices = a.shape.length === 2 && b.shape.length === 2;
      const flag = (name: string, value: boolean) => ({ name, type: ATTRIBUTE.bool, value });
      return backend.executeSingleOutput(
        matrices ? 'MatMul' : 'BatchMatMulV2',
        [
          typeAttribute('T', a.dtype as 'float32'),
          flag(matrices ? 'transpose_a' : 'adj_x', transposeA),
          flag(matrices ? 'transpose_b' : 'adj_y', transposeB),
        ],
        [a, b],
      );
    },
  ),
];
