import type * as tf from '@tensorflow/tfjs-core';
import type { GraphNode } from './graph-def.js';
import {
  ATTRIBUTE,
  DATA_TYPE,
  type OperationAttribute,
  type TensorflowBackend,
  type TensorflowBinding,
} from './tensorflow-backend.js';

/** Thrown while recording when a computation is not one graph of its inputs. */
export class TraceError extends Error {
  readonly code = 'TRACE';
  override readonly name = 'TraceError';
}

/** A computation as TensorFlow operations. */
export interface Recording {
  readonly nodes: readonly GraphNode[];
  /** Names of the nodes that stand for the inputs. */
  readonly inputs: readonly string[];
  /** What the outputs are, as `node:index`. */
  readonly outputs: readonly string[];
  /** TensorFlow's numbers of the types of each node's outputs. */
  readonly types: ReadonlyMap<string, readonly number[]>;
  /** Elements of each node's outputs. */
  readonly sizes: ReadonlyMap<string, readonly number[]>;
}

const attribute = (name: string, type: number, value: unknown): OperationAttribute => ({ name, type, value });

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

/** Collects what a computation does through a binding that it is given instead of the real one. */
function recorder(real: TensorflowBinding) {
  const nodes: GraphNode[] = [];
  /** Which node's output a tensor is, by the binding's id. */
  const sources = new Map<number, string>();
  /** Host arrays that were made into tensors while recording. */
  const fresh = new WeakSet<object>();
  const types = new Map<string, number[]>();
  const sizes = new Map<string, number[]>();
  const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

  const binding: TensorflowBinding = Object.create(real, {
    createTensor: {
      value: (shape: number[], dtype: number, values: ArrayBufferView | readonly unknown[]) => {
        if (!ArrayBuffer.isView(values)) throw new TraceError('it makes a tensor that is not of numbers');
        if (dtype !== DATA_TYPE.int64 && !fresh.has(values)) {
          throw new TraceError(`it uses a tensor [${shape}] from outside that is not among its inputs`);
        }
        const id = real.createTensor(shape, dtype, values);
        const name = `c${nodes.length}`;
        nodes.push({
          name,
          op: 'Const',
          inputs: [],
          attributes: [attribute('dtype', ATTRIBUTE.type, dtype)],
          value: { dtype, shape: [...shape], bytes: bytesOf(values) },
        });
        sources.set(id, name);
        types.set(name, [dtype]);
        sizes.set(name, [sizeOf(shape)]);
        return id;
      },
    },
    executeOp: {
      value: (op: string, attributes: OperationAttribute[], ids: number[], count: number) => {
        const inputs = ids.map((id) => {
          const source = sources.get(id);
          if (source === undefined) {
            throw new TraceError(`${op} reads a tensor from outside that is not among its inputs`);
          }
          return source;
        });
        const outputs = real.executeOp(op, attributes, ids, count);
        const name = `n${nodes.length}`;
        nodes.push({ name, op, inputs, attributes });
        types.set(
          name,
          outputs.map(({ dtype }) => dtype),
        );
        sizes.set(
          name,
          outputs.map(({ shape }) => sizeOf(shape)),
        );
        outputs.forEach(({ id }, index) => {
          sources.set(id, index === 0 ? name : `${name}:${index}`);
        });
        return outputs;
      },
    },
    tensorDataSync: {
      value: () => {
        throw new TraceError('it reads the values of a tensor');
      },
    },
  });
  return { nodes, sources, fresh, types, sizes, binding };
}

/** Only the nodes that the outputs need, in their order; and all placeholders. */
export function needed(nodes: readonly GraphNode[], outputs: readonly string[]): GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const names = new Set<string>();
  const waiting = [...outputs];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const name = next.split(':')[0];
    if (names.has(name)) continue;
    names.add(name);
    waiting.push(...(byName.get(name)?.inputs ?? []));
  }
  return nodes.filter(({ name, op }) => op === 'Placeholder' || names.has(name));
}

/**
 * Computes something on the tensorflow backend, operation by operation, and records it. Host arrays that it makes
 * tensors of become constants.
 *
 * @param inputs all tensors that exist already and that it reads; an input may be a variable that it reads by itself
 * @returns the outputs and the recording
 * @throws {TraceError} when it reads other tensors, or a tensor's values
 */
export function record(
  backend: TensorflowBackend,
  inputs: readonly tf.Tensor[],
  compute: () => readonly tf.Tensor[],
): { readonly outputs: readonly tf.Tensor[]; readonly recording: Recording } {
  const { nodes, sources, fresh, types, sizes, binding } = recorder(backend.binding);
  const names = backend.getInputTensorIds(inputs).map((id, index) => {
    const name = `i${index}`;
    const { dtype } = backend.tensorMap.get(inputs[index].dataId);
    nodes.push({
      name,
      op: 'Placeholder',
      inputs: [],
      attributes: [
        attribute('dtype', ATTRIBUTE.type, dtype),
        attribute('shape', ATTRIBUTE.shape, inputs[index].shape),
      ],
    });
    sources.set(id, name);
    return name;
  });
  const { binding: real, write } = backend;
  backend.binding = binding;
  backend.write = (values, shape, dtype) => {
    fresh.add(values as object);
    return write.call(backend, values, shape, dtype);
  };
  try {
    const outputs = compute();
    const results = backend.getInputTensorIds(outputs).map((id, index) => {
      const source = sources.get(id) as string;
      const name = `o${index}`;
      const { dtype } = backend.tensorMap.get(outputs[index].dataId);
      // A function's outputs must be nodes of their own, also where an output is an input, or the same as another.
      nodes.push({
        name,
        op: 'Identity',
        inputs: [source],
        attributes: [attribute('T', ATTRIBUTE.type, dtype)],
      });
      return `${name}:0`;
    });
    return {
      outputs,
      recording: { nodes: needed(nodes, results), inputs: names, outputs: results, types, sizes },
    };
  } finally {
    backend.binding = real;
    backend.write = write;
  }
}
