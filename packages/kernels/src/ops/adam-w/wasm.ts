import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { nativeGraph, wasmView } from '../../native/index.js';
import { sharing, type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { node } from '../native-nodes.js';
import { ADAM_W } from './adam-w.js';
import type { AdamWAttributes } from './reference.js';

const SCALARS = ['rate1', 'rate2', 'epsilon', 'stepSize', 'shrink'] as const;
const VECTORS = ['parameter', 'gradient', 'first', 'second'] as const;

const vector = (name: string) => ({ name, dims: ['n'] });

// An output may lie on its input: each input's last reader is the node that writes the output in its place.
const graph = nativeGraph({
  name: ADAM_W,
  nodes: [
    node('Sub', ['gradient', 'first'], 'news'),
    node('Mul', ['news', 'rate1'], 'firstChange'),
    node('Add', ['first', 'firstChange'], 'newFirst'),
    node('Mul', ['gradient', 'gradient'], 'square'),
    node('Sub', ['square', 'second'], 'squareNews'),
    node('Mul', ['squareNews', 'rate2'], 'secondChange'),
    node('Add', ['second', 'secondChange'], 'newSecond'),
    node('Sqrt', ['newSecond'], 'root'),
    node('Add', ['root', 'epsilon'], 'divisor'),
    node('Div', ['newFirst', 'divisor'], 'direction'),
    node('Mul', ['direction', 'stepSize'], 'change'),
    node('Mul', ['parameter', 'shrink'], 'shrunk'),
    node('Sub', ['shrunk', 'change'], 'newParameter'),
  ],
  inputs: [...VECTORS.map(vector), ...SCALARS.map((name) => ({ name, dims: [] }))],
  outputs: ['newParameter', 'newFirst', 'newSecond'].map(vector),
});

/** The tensor's own memory when nobody else holds it, else new memory. */
const outputOver = (backend: BackendWasm, x: TensorInfo): TensorInfo =>
  backend.refCount(x.dataId) === 1 ? sharing(backend, x, x.shape) : backend.makeOutput(x.shape, 'float32');

interface Inputs {
  readonly parameter: TensorInfo;
  readonly gradient: TensorInfo;
  readonly firstMoment: TensorInfo;
  readonly secondMoment: TensorInfo;
}

/** The AdamW step on the wasm heap by the native engine, in place where a variable alone holds its memory. */
export const ADAM_W_WASM: readonly WasmKernel[] = [
  wasmKernel<Inputs, AdamWAttributes, TensorInfo[]>(ADAM_W, ({ inputs, attrs, backend }) => {
    const { parameter, gradient, firstMoment, secondMoment } = inputs;
    const outputs = [parameter, firstMoment, secondMoment].map((x) => outputOver(backend, x));
    const flat = (x: TensorInfo) => {
      const { data } = wasmView(backend, x);
      return { data, dims: [data.length] };
    };
    const scalar = (value: number) => ({ data: Float32Array.of(value), dims: [] });
    const { beta1, beta2, epsilon, stepSize, secondMomentScale, shrink } = attrs;
    graph.run(
      {
        parameter: flat(parameter),
        gradient: flat(gradient),
        first: flat(firstMoment),
        second: flat(secondMoment),
        rate1: scalar(1 - beta1),
        rate2: scalar(1 - beta2),
        // (√v/s + ε) and the step, both times s: one division fewer for every number.
        epsilon: scalar(epsilon * secondMomentScale),
        stepSize: scalar(stepSize * secondMomentScale),
        shrink: scalar(shrink),
      },
      { newParameter: flat(outputs[0]), newFirst: flat(outputs[1]), newSecond: flat(outputs[2]) },
    );
    return outputs;
  }),
];
