import * as tf from '@tensorflow/tfjs-core';
import { normals } from './random.js';

/** A tensor's content on the host. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** An operation on given inputs, which every backend must compute alike. */
export interface ConformanceCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Values>>;
  /** Inputs whose gradients are compared. */
  readonly differentiable: readonly string[];
  /** Outputs by name; int32 ones are compared exactly and carry no gradient, nor do those of `constants`. */
  readonly compute: (inputs: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Tensor>>;
  /** Float outputs that carry no gradient. */
  readonly constants?: readonly string[];
  /** Largest accepted difference, relative to a result's largest magnitude. Default 1e-5. */
  readonly tolerance?: number;
}

/** Outputs, and gradients as `d<input>`, by name. */
export type Results = Record<string, Values>;

const tensorOf = ({ shape, values }: Values): tf.Tensor =>
  tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');

async function valuesOf(tensor: tf.Tensor): Promise<Values> {
  return { shape: tensor.shape, values: (await tensor.data()).slice() as Float32Array | Int32Array };
}

/** Σ outputs · fixed random numbers: a loss that reaches every element of every differentiable output. */
function probe(test: ConformanceCase, outputs: Readonly<Record<string, tf.Tensor>>): tf.Scalar {
  const terms = Object.entries(outputs)
    .filter(([name, output]) => output.dtype === 'float32' && !test.constants?.includes(name))
    .map(([, output], index) => {
      const direction = tf.tensor(normals(output.size, 7919 + index), output.shape);
      return tf.sum(tf.mul(output, direction));
    });
  return terms.reduce((total, term) => tf.add(total, term)) as tf.Scalar;
}

/** Runs a case, forward and backward, on the backend that is set. */
export async function evaluate(test: ConformanceCase): Promise<Results> {
  const tensors: Record<string, tf.Tensor> = {};
  const inputs = Object.fromEntries(
    Object.entries(test.inputs).map(([name, values]) => [name, tensorOf(values)]),
  );
  Object.assign(
    tensors,
    tf.tidy(() => test.compute(inputs) as Record<string, tf.Tensor>),
  );
  if (test.differentiable.length > 0) {
    const gradients = tf.grads((...variables) => {
      const given = Object.fromEntries(test.differentiable.map((name, index) => [name, variables[index]]));
      return probe(test, test.compute({ ...inputs, ...given }));
    })(test.differentiable.map((name) => inputs[name]));
    test.differentiable.forEach((name, index) => {
      tensors[`d${name}`] = gradients[index];
    });
  }
  const entries = Object.entries(tensors).map(
    async ([name, tensor]) => [name, await valuesOf(tensor)] as const,
  );
  const results = Object.fromEntries(await Promise.all(entries));
  tf.dispose([tensors, inputs]);
  return results;
}

/** The loss that `evaluate`'s gradients belong to, on the host. */
export async function probeLoss(test: ConformanceCase): Promise<number> {
  const loss = tf.tidy(() =>
    probe(
      test,
      test.compute(
        Object.fromEntries(Object.entries(test.inputs).map(([name, values]) => [name, tensorOf(values)])),
      ),
    ),
  );
  const [value] = await loss.data();
  loss.dispose();
  return value;
}
