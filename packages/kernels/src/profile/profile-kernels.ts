import * as tf from '@tensorflow/tfjs-core';
import { graphTitle } from '../trace/graph-cache.js';
import { currentTensorflow } from '../trace/tensorflow-backend.js';

/** One run of a kernel. */
export interface KernelEvent {
  readonly name: string;
  /** Milliseconds on the clock of `performance.now()`. */
  readonly start: number;
  readonly milliseconds: number;
  /** Shapes of its inputs by name, as `q [64,4,32]`. */
  readonly inputs: string;
}

/** Kernels that are being watched. */
export interface KernelProfile {
  /** What has run so far, in the order in which it ended: a kernel that calls others comes after them. */
  readonly events: readonly KernelEvent[];
  /** Puts the kernels back as they were. */
  stop(): void;
}

const shapes = (inputs: tf.NamedTensorInfoMap): string =>
  Object.entries(inputs)
    .filter(([, input]) => input !== undefined)
    .map(([name, input]) => (Array.isArray(input) ? `${name} ×${input.length}` : `${name} [${input?.shape}]`))
    .join(' ');

/** Watches the graphs that tensorflow runs, which are no kernels of tfjs. Returns what puts things back. */
function watchGraphs(events: KernelEvent[]): () => void {
  const backend = currentTensorflow();
  if (!backend) return () => undefined;
  const { executeMultipleOutputs } = backend;
  backend.executeMultipleOutputs = (name, attributes, inputs, outputs) => {
    const title = graphTitle(name);
    const start = performance.now();
    const results = executeMultipleOutputs.call(backend, name, attributes, inputs, outputs);
    const milliseconds = performance.now() - start;
    if (title !== undefined) {
      events.push({ name: `graph: ${title}`, start, milliseconds, inputs: `×${inputs.length}` });
    }
    return results;
  };
  return () => {
    backend.executeMultipleOutputs = executeMultipleOutputs;
  };
}

/**
 * Watches every kernel of the current backend, and every compiled graph, until `stop`: what ran, when, for how long. wasm and tensorflow compute
 * before a kernel returns; on webgpu a kernel only hands its work to the device, so that its time says little.
 */
export function profileKernels(): KernelProfile {
  const backendName = tf.getBackend();
  const kernels = tf.getKernelsForBackend(backendName);
  const events: KernelEvent[] = [];
  const replace = (config: tf.KernelConfig) => {
    tf.unregisterKernel(config.kernelName, backendName);
    tf.registerKernel(config);
  };
  for (const config of kernels) {
    const kernelFunc: tf.KernelFunc = (params) => {
      const start = performance.now();
      const output = config.kernelFunc(params);
      const milliseconds = performance.now() - start;
      events.push({ name: config.kernelName, start, milliseconds, inputs: shapes(params.inputs) });
      return output;
    };
    replace({ ...config, kernelFunc });
  }
  const stopGraphs = watchGraphs(events);
  return {
    events,
    stop() {
      stopGraphs();
      kernels.forEach(replace);
    },
  };
}
