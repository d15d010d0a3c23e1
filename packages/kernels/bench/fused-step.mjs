// The training step of plain-step.mjs with midtrain's fused operations.
import * as tf from '@tensorflow/tfjs-core';
import {
  adamW,
  embeddingLookup,
  rmsNorm,
  rotary,
  swiGlu,
  tokenLogProbs,
  treeAttention,
} from '../dist/index.js';
import { angle, batch, EPSILON, MODEL, OPTIMIZER, parameters } from './model.mjs';

const named = ({ layers, ...rest }) => ({
  ...rest,
  ...Object.fromEntries(
    layers.flatMap((layer, i) => Object.entries(layer).map(([name, variable]) => [`${i}.${name}`, variable])),
  ),
});

/** Makes a step: call it to train once; it returns the loss before the update. */
export function makeFusedStep(model = MODEL) {
  const { dim, heads, rows, length } = model;
  const headDim = dim / heads;
  const tokens = rows * length;
  const weights = parameters(model);
  const variables = named(weights);
  const { ids, targets } = batch(model);
  const half = headDim / 2;
  const table = (f) => {
    const value = (i) => f(angle(Math.floor(i / half) % length, i % half, headDim));
    return tf.tensor2d(
      Float32Array.from({ length: tokens * half }, (_, i) => value(i)),
      [tokens, half],
    );
  };
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const groups = Array.from({ length: rows }, (_, row) => ({
    start: row * length,
    lengths: [length],
    prefix: [],
  }));
  const perHead = (x) => tf.reshape(x, [tokens, heads, headDim]);
  const forward = () => {
    let x = embeddingLookup(weights.embedding, ids);
    for (const layer of weights.layers) {
      const h = rmsNorm(x, layer.norm1, EPSILON);
      const q = rotary(perHead(tf.matMul(h, layer.q)), cos, sin);
      const k = rotary(perHead(tf.matMul(h, layer.k)), cos, sin);
      const mixed = treeAttention(q, k, perHead(tf.matMul(h, layer.v)), groups);
      x = tf.add(x, tf.matMul(tf.reshape(mixed, [tokens, dim]), layer.o));
      const h2 = rmsNorm(x, layer.norm2, EPSILON);
      x = tf.add(x, tf.matMul(swiGlu(tf.matMul(h2, layer.gate), tf.matMul(h2, layer.up)), layer.down));
    }
    const hidden = rmsNorm(x, weights.final, EPSILON);
    return tf.neg(tf.mean(tokenLogProbs(hidden, weights.embedding, targets).logProbs_N));
  };
  const { learningRate, ...rest } = OPTIMIZER;
  const optimizer = adamW(rest);
  const state = optimizer.init(variables);
  return () => {
    const { value, grads } = tf.variableGrads(forward, Object.values(variables));
    const gradients = Object.fromEntries(
      Object.entries(variables).map(([name, variable]) => [name, grads[variable.name]]),
    );
    optimizer.update(variables, gradients, state, learningRate);
    const loss = value.dataSync()[0];
    tf.dispose([value, ...Object.values(grads)]);
    return loss;
  };
}
