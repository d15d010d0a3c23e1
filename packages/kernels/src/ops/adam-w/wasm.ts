import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { floats } from '../../wasm/heap.js';
import { sharing, type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { ADAM_W } from './adam-w.js';
import type { AdamWAttributes } from './reference.js';

/** The tensor's own memory when nobody else holds it, else new memory. */
const outputOver = (backend: BackendWasm, x: TensorInfo): TensorInfo =>
  backend.refCount(x.dataId) === 1 ? sharing(backend, x, x.shape) : backend.makeOutput(x.shape, 'float32');

interface Inputs {
  readonly parameter: TensorInfo;
  readonly gradient: TensorInfo;
  readonly firstMoment: TensorInfo;
  readonly secondMoment: TensorInfo;
}

/**
 * The AdamW step as one pass over the wasm heap, in place where a variable alone holds its memory. Measured beside
 * the same step as thirteen native operations: as fast, and without their intermediates.
 */
export const ADAM_W_WASM: readonly WasmKernel[] = [
  wasmKernel<Inputs, AdamWAttributes, TensorInfo[]>(ADAM_W, ({ inputs, attrs, backend }) => {
    const { parameter, gradient, firstMoment, secondMoment } = inputs;
    floats(backend, gradient);
    const outputs = [parameter, firstMoment, secondMoment].map((x) => outputOver(backend, x));
    const [p, g, m, v, newP, newM, newV] = [parameter, gradient, firstMoment, secondMoment, ...outputs].map(
      (x) => floats(backend, x),
    );
    const { beta1, beta2, epsilon, stepSize, secondMomentScale, shrink } = attrs;
    for (let index = 0; index < p.length; index++) {
      const slope = g[index];
      const first = beta1 * m[index] + (1 - beta1) * slope;
      const second = beta2 * v[index] + (1 - beta2) * slope * slope;
      newM[index] = first;
      newV[index] = second;
      newP[index] =
        shrink * p[index] - (stepSize * first) / (Math.sqrt(second) / secondMomentScale + epsilon);
    }
    return outputs;
  }),
];
