import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allOrNothing } from '../../wasm/all-or-nothing.js';
import { byteOffset, floats } from '../../wasm/heap.js';
import { sharing, type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { ADAM_W } from './adam-w.js';
import type { AdamWAttributes } from './reference.js';
import { adamWStepOn, type WasmMemory } from './simd-module.js';

/** The tensor's own memory when nobody else holds it, else new memory. */
const outputOver = (backend: BackendWasm, x: TensorInfo): TensorInfo =>
  backend.refCount(x.dataId) === 1 ? sharing(backend, x, x.shape) : backend.makeOutput(x.shape, 'float32');

/** The memory behind the heap: emscripten's module carries it, though the package's types do not say so. */
const memoryOf = (backend: BackendWasm): WasmMemory =>
  (backend.wasm as unknown as { asm: { memory: WasmMemory } }).asm.memory;

const VECTOR_BYTES = 16;

interface Inputs {
  readonly parameter: TensorInfo;
  readonly gradient: TensorInfo;
  readonly firstMoment: TensorInfo;
  readonly secondMoment: TensorInfo;
}

/** The AdamW step as one vectorised pass over the wasm heap, in place where a variable alone holds its memory. */
export const ADAM_W_WASM: readonly WasmKernel[] = [
  wasmKernel<Inputs, AdamWAttributes, TensorInfo[]>(ADAM_W, ({ inputs, attrs, backend }) => {
    const { parameter, gradient, firstMoment, secondMoment } = inputs;
    // A tensor that lives on another backend moves into the heap when it is first asked for, and may make it grow.
    floats(backend, gradient);
    const outputs = allOrNothing(backend, (own) =>
      [parameter, firstMoment, secondMoment].map((x) => own(outputOver(backend, x))),
    );
    const tensors = [parameter, gradient, firstMoment, secondMoment, ...outputs];
    const [p, g, m, v, newP, newM, newV] = tensors.map((x) => floats(backend, x));
    const { beta1, beta2, epsilon, stepSize, secondMomentScale, shrink } = attrs;
    // Numerator and divisor times √(1 − beta2^t): one division fewer for every number.
    const rate = stepSize * secondMomentScale;
    const scaledEpsilon = epsilon * secondMomentScale;
    const bytes = p.byteLength - (p.byteLength % VECTOR_BYTES);
    if (bytes > 0) {
      const addresses = tensors.map((x) => byteOffset(backend, x));
      const factors = [beta1, 1 - beta1, beta2, 1 - beta2, rate, scaledEpsilon, shrink];
      adamWStepOn(memoryOf(backend))(...addresses, bytes, ...factors);
    }
    for (let index = bytes / p.BYTES_PER_ELEMENT; index < p.length; index++) {
      const first = beta1 * m[index] + (1 - beta1) * g[index];
      const second = beta2 * v[index] + (1 - beta2) * g[index] * g[index];
      newM[index] = first;
      newV[index] = second;
      newP[index] = shrink * p[index] - (rate * first) / (Math.sqrt(second) + scaledEpsilon);
    }
    return outputs;
  }),
];
