import * as tf from '@tensorflow/tfjs-core';
import { ATTRIBUTE } from '../../trace/tensorflow-backend.js';
import { type TensorflowKernel, tensorflowKernel, typeAttribute } from '../tensorflow-kernel.js';
import { CACHE_APPEND, DECODE_ATTENTION, DECODE_ATTENTION_OF_SEVERAL } from './decode-attention.js';

interface Inputs {
  readonly cache: tf.Tensor4D;
  readonly rows: tf.Tensor3D;
  readonly column: tf.Scalar;
}

/** Caches that are written in place: TensorFlow's `InplaceUpdate` gives its input's memory back. */
export const CACHE_APPEND_TENSORFLOW: readonly TensorflowKernel[] = [
  tensorflowKernel<Inputs>(CACHE_APPEND, ({ inputs: { cache, rows, column }, backend }) =>
    tf.tidy(() => {
      const [branches, heads, capacity, headDim] = cache.shape;
      const count = branches * heads;
      const firsts = tf.range(0, count * capacity, capacity, 'int32');
      const written = backend.executeSingleOutput(
        'InplaceUpdate',
        [typeAttribute('T', 'float32')],
        [
          tf.reshape(cache, [count * capacity, headDim]),
          tf.add(firsts, column),
          tf.reshape(rows, [count, headDim]),
        ],
      );
      return tf.reshape(written, cache.shape);
    }),
  ),
];

interface DecodeInputs {
  readonly q: tf.Tensor3D;
  readonly ownKeys: tf.Tensor4D;
  readonly ownValues: tf.Tensor4D;
  readonly ownMask: tf.Tensor2D;
  readonly sharedKeys?: tf.Tensor4D;
  readonly sharedValues?: tf.Tensor4D;
  readonly sharedMask?: tf.Tensor2D;
  readonly documents?: tf.Tensor1D;
}

const HIDDEN = -1e9;

/** An operation of the binding's, for one document, for several and, with a token that nobody sees, for none. */
const decode = (name: string): TensorflowKernel =>
  tensorflowKernel<DecodeInputs, { readonly scale: number }>(
    name,
    ({ inputs, attributes: { scale }, backend }) =>
      tf.tidy(() => {
        const { q, ownKeys, ownValues, ownMask } = inputs;
        const [branches] = q.shape;
        const [, keyHeads, , headDim] = ownKeys.shape;
        const nothing = () => tf.zeros([1, keyHeads, 1, headDim]);
        const { documents } = inputs;
        return backend.executeSingleOutput(
          DECODE_ATTENTION,
          [{ name: 'scale', type: ATTRIBUTE.float, value: scale }],
          [
            ...[q, ownKeys, ownValues, ownMask],
            inputs.sharedKeys ?? nothing(),
            inputs.sharedValues ?? nothing(),
            inputs.sharedMask ?? tf.fill([branches, 1], HIDDEN),
            documents ? tf.cast(documents, 'float32') : tf.zeros([branches]),
          ],
        ) as tf.Tensor;
      }),
  );

/** Decoding's attention where the binding has it (`native/decode_attention.cc`). */
export const DECODE_ATTENTION_TENSORFLOW: readonly TensorflowKernel[] = [
  decode(DECODE_ATTENTION),
  decode(DECODE_ATTENTION_OF_SEVERAL),
];
