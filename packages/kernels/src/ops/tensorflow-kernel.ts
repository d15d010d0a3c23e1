import type * as tf from '@tensorflow/tfjs-core';
import {
  ATTRIBUTE,
  DATA_TYPE,
  type OperationAttribute,
  type TensorflowBackend,
} from '../trace/tensorflow-backend.js';

/** A kernel of the tensorflow backend. */
export interface TensorflowKernel {
  readonly kernelName: string;
  readonly kernelFunc: tf.KernelFunc;
}

/** What a kernel is called with. */
interface Call<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly backend: TensorflowBackend;
}

/** A typed kernel; may use tfjs's operations as well as TensorFlow's own. */
export function tensorflowKernel<Inputs, Attributes = unknown>(
  kernelName: string,
  compute: (call: Call<Inputs, Attributes>) => tf.TensorInfo | tf.TensorInfo[],
): TensorflowKernel {
  return {
    kernelName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute({
        inputs: inputs as unknown as Inputs,
        attributes: attrs as unknown as Attributes,
        backend: backend as TensorflowBackend,
      }),
  };
}

/** An operation's attribute that is a type. */
export const typeAttribute = (name: string, type: keyof typeof DATA_TYPE): OperationAttribute => ({
  name,
  type: ATTRIBUTE.type,
  value: DATA_TYPE[type],
});
