import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { selectBackend } from '../../backend/index.js';
import { findSetups } from '../../setup/setup-folder.js';
import { compiledOperation } from '../../trace/index.js';
import { installTensorflowOps } from '../install-tensorflow.js';
import { rotary } from './rotary.js';

// Runs where `midtrain setup tensorflow` was run.
describe.skipIf(findSetups().length === 0)('rotary on tensorflow without operations of ours', () => {
  it('is no product, which bfloat16 would round, forward and backward', async () => {
    await selectBackend({ backend: 'tensorflow' });
    installTensorflowOps({ own: false });
    const x = tf.randomNormal<tf.Rank.R3>([5, 2, 8], 0, 1, 'float32', 1);
    const angles = tf.randomNormal<tf.Rank.R2>([5, 4], 0, 1, 'float32', 2);
    const [cos, sin] = [tf.cos(angles), tf.sin(angles)];
    const direction = tf.randomNormal([5, 2, 8], 0, 1, 'float32', 3);
    const compute = (a: tf.Tensor) => rotary(a as tf.Tensor3D, cos, sin);
    const graph = compiledOperation('rotary', 'bfloat16');
    const compiled = (a: tf.Tensor) =>
      graph.run({ variables: [a], inputs: [cos, sin], key: '', compute: () => compute(a) }) ?? compute(a);
    const results = (f: (a: tf.Tensor) => tf.Tensor) =>
      [f(x), tf.grad(f)(x, direction)].map((result) => [...result.dataSync()]);
    const expected = results(compute);
    for (let call = 0; call < 3; call++) expect(results(compiled)).toEqual(expected);
    expect(graph.calls.graph).toBeGreaterThan(0);
    graph.dispose();
    installTensorflowOps();
  });
});
