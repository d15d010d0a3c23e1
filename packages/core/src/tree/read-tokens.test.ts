import { treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { decode } from '../policy/decoder.js';
import type { Policy } from '../policy/policy.js';
import { packTree } from './pack-tree.js';
import { readTokens } from './read-tokens.js';

beforeAll(startBackend);

it('tells policies apart that differ in nothing but a number of their configuration', async () => {
  const policy = tinyPolicy(5);
  const other: Policy = { ...policy, config: { ...policy.config, rmsNormEpsilon: 0.5 } };
  const packed = packTree([[3, 1, 4, 1, 5, 9, 2, 6]], []);
  // Several times each: graphs are kept from the second on, and then not compared with another recording.
  for (const model of [policy, policy, policy, other, other, policy]) {
    const { hidden_N_D, layers } = readTokens(model, packed);
    const expected = tf.tidy(() =>
      decode(model, packed, (_, q, k, v) => treeAttention(q, k, v, packed.groups)),
    );
    const [rows, width] = expected.shape;
    const read = tf.tidy(() => tf.slice(hidden_N_D, [0, 0], [rows, width]));
    const [found, wanted] = await Promise.all([read.data(), expected.data()]);
    found.forEach((value, i) => void expect(Math.abs(value - wanted[i])).toBeLessThan(1e-5));
    tf.dispose([read, expected, hidden_N_D, layers.map(({ keys, values }) => [keys, values])]);
  }
});
