import * as tf from '@tensorflow/tfjs-core';

/** An attribute of a TensorFlow operation, as tfjs-node passes it. */
export interface OperationAttribute {
  readonly name: string;
  /** One of `ATTRIBUTE`. */
  readonly type: number;
  readonly value: unknown;
}

/** What the binding says of an operation's output. */
interface OutputInfo {
  readonly id: number;
  readonly shape: number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
}

/** TensorFlow's TF_AttrType. */
export const ATTRIBUTE = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** TensorFlow's TF_DataType, of what tfjs has. */
export const DATA_TYPE = { float32: 1, int32: 3, int64: 9, bool: 10 } as const;

/** The native binding under the tensorflow backend; the last four come with `midtrain setup tensorflow`. */
export interface TensorflowBinding {
  createTensor(shape: number[], dtype: number, values: ArrayBufferView | readonly unknown[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
  executeOp(name: string, attributes: OperationAttribute[], ids: number[], outputs: number): OutputInfo[];
  addGraphFunction?(name: string, graphDef: Uint8Array, inputs: string[], outputs: string[]): void;
  removeGraphFunction?(name: string): void;
  listDevices?(): readonly { readonly name: string; readonly type: string }[];
  hasOperation?(name: string): boolean;
}

/** The parts of tfjs-node's backend that tracing touches. */
export interface TensorflowBackend extends tf.KernelBackend {
  binding: TensorflowBinding;
  readonly tensorMap: { get(dataId: object): { readonly dtype: number; readonly id: number } };
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  executeSingleOutput(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

/** The tensorflow backend, when it is the current one. */
export const currentTensorflow = (): TensorflowBackend | undefined =>
  tf.getBackend() === 'tensorflow' ? (tf.backend() as TensorflowBackend) : undefined;
