// One training step (forward, backward, AdamW) of a Llama-type model in plain tfjs operations only, so that the
// same code runs on the wasm backend as shipped and with midtrain's kernels.
import * as tf from '@tensorflow/tfjs-core';
import { angle, batch, EPSILON, MODEL, OPTIMIZER, parameters } from './model.mjs';

const rmsNorm = (x, gain) => {
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), EPSILON));
  return tf.mul(tf.mul(x, scale), gain);
};

// As shipped, wasm lacks the kernel that tf.gather's gradient needs; scatterND is there and does the same.
const lookup = (ids) =>
  tf.customGrad((table) => ({
    value: tf.gather(table, ids),
    gradFunc: (gradient) => tf.scatterND(tf.expandDims(ids, 1), gradient, table.shape),
  }));

/** Makes a step: call it to train once; it returns the loss before the update. */
export function makePlainStep(model = MODEL) {
  const { dim, heads, rows, length, vocabulary } = model;
  const headDim = dim / heads;
  const weights = parameters(model);
  const variables = [
    weights.embedding,
    weights.final,
    ...weights.layers.flatMap((layer) => Object.values(layer)),
  ];
  const { ids, targets } = batch(model);
  const half = headDim / 2;
  const table = (f) => {
    const value = (i) => f(angle(Math.floor(i / headDim), (i % headDim) % half, headDim));
    return tf.tensor(
      Float32Array.from({ length: length * headDim }, (_, i) => value(i)),
      [length, headDim],
    );
  };
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const mask = tf.tensor(
    Float32Array.from({ length: length * length }, (_, i) =>
      i % length > Math.floor(i / length) ? -1e9 : 0,
    ),
    [length, length],
  );
  const split = (x) =>
    tf.reshape(tf.transpose(tf.reshape(x, [rows, length, heads, headDim]), [0, 2, 1, 3]), [
      rows * heads,
      length,
      headDim,
    ]);
  const rotate = (x) => {
    const [a, b] = tf.split(x, 2, -1);
    return tf.add(tf.mul(x, cos), tf.mul(tf.concat([tf.neg(b), a], -1), sin));
  };
  const forward = () => {
    let x = lookup(ids)(weights.embedding);
    for (const layer of weights.layers) {
      const h = rmsNorm(x, layer.norm1);
      const q = rotate(split(tf.matMul(h, layer.q)));
      const k = rotate(split(tf.matMul(h, layer.k)));
      const v = split(tf.matMul(h, layer.v));
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(headDim)), mask);
      const mixed = tf.matMul(tf.softmax(scores), v);
      const joined = tf.reshape(
        tf.transpose(tf.reshape(mixed, [rows, heads, length, headDim]), [0, 2, 1, 3]),
        [rows * length, dim],
      );
      x = tf.add(x, tf.matMul(joined, layer.o));
      const h2 = rmsNorm(x, layer.norm2);
      const gate = tf.matMul(h2, layer.gate);
      const up = tf.matMul(h2, layer.up);
      x = tf.add(x, tf.matMul(tf.mul(tf.mul(gate, tf.sigmoid(gate)), up), layer.down));
    }
    const logits = tf.matMul(rmsNorm(x, weights.final), weights.embedding, false, true);
    const picked = tf.mul(tf.logSoftmax(logits), tf.cast(tf.oneHot(targets, vocabulary), 'float32'));
    return tf.neg(tf.mean(tf.sum(picked, -1)));
  };
  const { learningRate, beta1, beta2, epsilon, weightDecay } = OPTIMIZER;
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
  return () => {
    const { value, grads } = tf.variableGrads(forward, variables);
    optimizer.applyGradients(grads);
    tf.tidy(() => {
      for (const variable of variables) variable.assign(tf.mul(variable, 1 - learningRate * weightDecay));
    });
    const loss = value.dataSync()[0];
    tf.dispose([value, ...Object.values(grads)]);
    return loss;
  };
}
