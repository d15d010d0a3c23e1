import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { adamW, tokenLogProbs, treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { policyGradients } from '../train/gradients.js';
import { packTree } from '../tree/pack-tree.js';
import { decode } from './decoder.js';
import { loadPolicy } from './load-policy.js';
import { headWeight, type Policy } from './policy.js';

interface Expected {
  readonly input_ids: number[][];
  readonly logit_positions: number[];
  readonly logits: number[][][];
  readonly token_logprobs: number[][];
  readonly loss: number;
  readonly grads: Record<
    string,
    { shape: number[]; norm: number; sum: number; idx: number[]; values: number[] }
  >;
  readonly shifted_positions_37: { last_logits: number[][] };
  readonly adamw: {
    readonly lr: number;
    readonly loss_after_step: number[];
    readonly param_norms_after_3: Record<string, number>;
  };
}

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(`${fixture(name)}/expected.json`, 'utf8'));

beforeAll(startBackend);

const hidden = (policy: Policy, rows: readonly number[][], shift = 0) => {
  const tree = packTree(rows, []);
  const positions = tree.positions.map((position) => position + shift);
  return {
    tree,
    hidden_N_D: decode(policy, { ...tree, positions }, (_, q, k, v) => treeAttention(q, k, v, tree.groups)),
  };
};

function crossEntropy(policy: Policy, rows: readonly number[][]): tf.Scalar {
  const { tree, hidden_N_D } = hidden(policy, rows);
  const read_M_D = tf.gather(hidden_N_D, tf.tensor1d(tree.trunkRows, 'int32'));
  const { logProbs_N } = tokenLogProbs(read_M_D, headWeight(policy), tf.tensor1d(tree.trunkTargets, 'int32'));
  return tf.neg(tf.mean(logProbs_N)) as tf.Scalar;
}

describe.each(['llama', 'qwen2', 'qwen3', 'llama3-rope', 'llama-bf16'])(
  'the decoder on fixtures/%s',
  (name) => {
    const expected = expectedOf(name);
    const rows = expected.input_ids;

    it('has PyTorch’s logits to 1e-4 and log-probabilities', async () => {
      const policy = await loadPolicy(fixture(name));
      tf.tidy(() => {
        const { tree, hidden_N_D } = hidden(policy, rows);
        const logits = tf.matMul(hidden_N_D, headWeight(policy), false, true).arraySync() as number[][];
        const length = rows[0].length;
        rows.forEach((_, row) => {
          expected.logit_positions.forEach((position, i) => {
            expected.logits[row][i].forEach((logit, v) => {
              expect(Math.abs(logits[row * length + position][v] - logit)).toBeLessThan(1e-4);
            });
          });
        });
        const read = tf.gather(hidden_N_D, tf.tensor1d(tree.trunkRows, 'int32'));
        const { logProbs_N } = tokenLogProbs(
          read,
          headWeight(policy),
          tf.tensor1d(tree.trunkTargets, 'int32'),
        );
        expected.token_logprobs.flat().forEach((logProb, i) => {
          expect(Math.abs(logProbs_N.dataSync()[i] - logProb)).toBeLessThan(1e-4);
        });
        const shifted = hidden(policy, rows, 37);
        const last = tf.matMul(shifted.hidden_N_D, headWeight(policy), false, true).arraySync() as number[][];
        expected.shifted_positions_37.last_logits.forEach((row, r) => {
          row.forEach((logit, v) => {
            expect(Math.abs(last[(r + 1) * length - 1][v] - logit)).toBeLessThan(1e-4);
          });
        });
      });
    });

    it('has PyTorch’s loss and gradients to 1e-3 relative, and three AdamW steps', async () => {
      const policy = await loadPolicy(fixture(name));
      const { value, gradients } = policyGradients(policy, () => crossEntropy(policy, rows));
      expect(Math.abs(value.dataSync()[0] / expected.loss - 1)).toBeLessThan(1e-5);
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(expected.grads).sort());
      for (const [parameter, { norm, idx, values }] of Object.entries(expected.grads)) {
        const gradient = gradients[parameter].dataSync();
        const actualNorm = Math.hypot(...gradient);
        expect(Math.abs(actualNorm / norm - 1), parameter).toBeLessThan(1e-3);
        const largest = Math.max(...values.map(Math.abs));
        idx.forEach((index, i) => {
          expect(Math.abs(gradient[index] - values[i]), parameter).toBeLessThanOrEqual(1e-3 * largest + 1e-7);
        });
      }
      const optimiser = adamW({ beta1: 0.9, beta2: 0.95, weightDecay: 0.1 });
      const state = optimiser.init(policy.parameters);
      for (const loss of expected.adamw.loss_after_step) {
        const step = policyGradients(policy, () => crossEntropy(policy, rows));
        optimiser.update(policy.parameters, step.gradients, state, expected.adamw.lr);
        const after = tf.tidy(() => crossEntropy(policy, rows).dataSync()[0]);
        expect(Math.abs(after / loss - 1)).toBeLessThan(1e-3);
      }
      for (const [parameter, norm] of Object.entries(expected.adamw.param_norms_after_3)) {
        expect(
          Math.abs(Math.hypot(...policy.parameters[parameter].dataSync()) / norm - 1),
          parameter,
        ).toBeLessThan(1e-3);
      }
    });
  },
);
