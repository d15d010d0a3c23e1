import { type NamedTensor, sizeOfShape } from './named-tensor.js';
import { SafetensorsError } from './safetensors-error.js';

/** Tensors by name: a record, a map or pairs. */
export type NamedTensors =
  | Readonly<Record<string, NamedTensor>>
  | Iterable<readonly [name: string, tensor: NamedTensor]>;

/** Tensors whose values are asked for one after the other, so that they need not all lie in memory. */
export interface TensorSource {
  readonly shapes: Iterable<readonly [name: string, shape: readonly number[]]>;
  /** A tensor's values in row-major order, in pieces; a piece may be overwritten once the next one is asked for. */
  readonly values: (name: string) => Iterable<Float32Array> | AsyncIterable<Float32Array>;
}

function isIterable(tensors: NamedTensors): tensors is Iterable<readonly [string, NamedTensor]> {
  return Symbol.iterator in tensors;
}

function isSource(tensors: NamedTensors | TensorSource): tensors is TensorSource {
  return typeof (tensors as TensorSource).values === 'function' && 'shapes' in tensors;
}

/** Tensors in memory, as a source. @throws SafetensorsError where a shape does not fit its values */
export function tensorSource(file: string, tensors: NamedTensors | TensorSource): TensorSource {
  if (isSource(tensors)) return tensors;
  const pairs = isIterable(tensors) ? [...tensors] : Object.entries(tensors);
  for (const [name, { shape, data }] of pairs) {
    if (sizeOfShape(shape) === data.length) continue;
    throw new SafetensorsError(
      `${file}: tensor ${name}: shape [${shape.join(', ')}] has ${sizeOfShape(shape)} values, but ${data.length} are given`,
    );
  }
  const byName = new Map(pairs);
  return {
    shapes: pairs.map(([name, { shape }]) => [name, shape] as const),
    values: (name) => [(byName.get(name) as NamedTensor).data],
  };
}
