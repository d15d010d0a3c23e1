import * as tf from '@tensorflow/tfjs-core';
import { ATTRIBUTE } from '../trace/tensorflow-backend.js';
import { type TensorflowKernel, tensorflowKernel, typeAttribute } from './tensorflow-kernel.js';

/** tfjs-node's own kernel reads all indices back to the host, at every call, to check them; TensorFlow does so itself. */
export const GATHER_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<{ x: tf.Tensor; indices: tf.Tensor }, { axis: number; batchDims: number }>(
    tf.GatherV2,
    ({ inputs: { x, indices }, attributes: { axis, batchDims }, backend }) => {
      tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
      return tf.tidy(() =>
        backend.executeSingleOutput(
          'GatherV2',
          [
            { name: 'batch_dims', type: ATTRIBUTE.int, value: batchDims },
            typeAttribute('Tparams', x.dtype as 'float32'),
            typeAttribute('Tindices', indices.dtype as 'int32'),
            typeAttribute('Taxis', 'int32'),
          ],
          [x, indices, tf.scalar(axis, 'int32')],
        ),
      );
    },
  ),
];
