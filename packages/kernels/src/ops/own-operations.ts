import type * as tf from '@tensorflow/tfjs-core';
import { ATTRIBUTE, type OperationAttribute } from '../trace/tensorflow-backend.js';
import { ADAM_W_FUNCTION } from './adam-w/adam-w-function.js';
import { RMS_NORM, RMS_NORM_GRADIENT } from './rms-norm/rms-norm.js';
import { ROTARY } from './rotary/rotary.js';
import { SWI_GLU, SWI_GLU_GRADIENT } from './swi-glu/swi-glu.js';
import { type TensorflowKernel, tensorflowKernel } from './tensorflow-kernel.js';
import { SEGMENT_ATTENTION, SEGMENT_ATTENTION_GRADIENT } from './tree-attention/segment-attention.js';

/** An operation that `midtrain setup tensorflow` compiles into the binding (`native/`), for the CPU. */
interface OwnOperation {
  /** Its name, which is also that of the kernel that it is. */
  readonly name: string;
  /** Names of its inputs in the kernel, in the operation's order. */
  readonly inputs: readonly string[];
  readonly outputs: number;
  /** The kernel's attributes that are the operation's. */
  readonly attributes?: Readonly<Record<string, 'float' | 'bool'>>;
}

const OPERATIONS: readonly OwnOperation[] = [
  {
    name: ADAM_W_FUNCTION,
    inputs: ['parameter', 'gradient', 'firstMoment', 'secondMoment', 'scalars', 'factor'],
    outputs: 3,
    attributes: { beta1: 'float', beta2: 'float', decays: 'bool' },
  },
  { name: SWI_GLU, inputs: ['gate', 'up'], outputs: 1 },
  { name: SWI_GLU_GRADIENT, inputs: ['gate', 'up', 'gradient'], outputs: 2 },
  { name: RMS_NORM, inputs: ['x', 'weight'], outputs: 1, attributes: { epsilon: 'float' } },
  {
    name: RMS_NORM_GRADIENT,
    inputs: ['x', 'weight', 'gradient'],
    outputs: 2,
    attributes: { epsilon: 'float' },
  },
  { name: ROTARY, inputs: ['x', 'cos', 'sin'], outputs: 1, attributes: { inverse: 'bool' } },
  {
    name: SEGMENT_ATTENTION,
    inputs: ['q', 'k', 'v', 'segments', 'runs'],
    outputs: 1,
    attributes: { scale: 'float' },
  },
  {
    name: SEGMENT_ATTENTION_GRADIENT,
    inputs: ['q', 'k', 'v', 'gradient', 'segments', 'runs'],
    outputs: 3,
    attributes: { scale: 'float' },
  },
];

/** Those of the operations that a binding has, as kernels. */
export const ownOperations = (has: (operation: string) => boolean): readonly TensorflowKernel[] =>
  OPERATIONS.filter(({ name }) => has(name)).map(({ name, inputs: order, outputs, attributes: types = {} }) =>
    tensorflowKernel<tf.NamedTensorMap, Readonly<Record<string, unknown>>>(
      name,
      ({ inputs, attributes, backend }) =>
        backend.executeMultipleOutputs(
          name,
          Object.entries(types).map(
            ([attribute, type]): OperationAttribute => ({
              name: attribute,
              type: ATTRIBUTE[type],
              value: attributes[attribute],
            }),
          ),
          order.map((input) => inputs[input]),
          outputs,
        ),
    ),
  );
