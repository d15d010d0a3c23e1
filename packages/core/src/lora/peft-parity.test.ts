import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { readSafetensors } from '../model-files/read-safetensors.js';
import { decode } from '../policy/decoder.js';
import { loadPolicy } from '../policy/load-policy.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { predictTokens } from '../policy/predict.js';
import { savePolicy } from '../policy/save-policy.js';
import { policyGradients } from '../train/gradients.js';
import { packTree } from '../tree/pack-tree.js';
import { mergeLora } from './merge-lora.js';

interface Expected {
  readonly input_ids: number[][];
  readonly logit_positions: number[];
  readonly logits: number[][][];
  readonly lora: {
    readonly logits: number[][][];
    readonly token_logprobs: number[][];
    readonly loss: number;
    readonly grads: Record<string, { norm: number; values: number[] }>;
  };
}

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

beforeAll(startBackend);

function read(policy: Policy, rows: readonly number[][]) {
  const tree = packTree(rows, []);
  return { tree, hidden_N_D: decode(policy, tree, (_, q, k, v) => treeAttention(q, k, v, tree.groups)) };
}

function logProbs(policy: Policy, rows: readonly number[][]): tf.Tensor1D {
  const { tree, hidden_N_D } = read(policy, rows);
  const read_M_D = tf.gather(hidden_N_D, tf.tensor1d(tree.trunkRows, 'int32'));
  return predictTokens(policy, read_M_D, tf.tensor1d(tree.trunkTargets, 'int32')).logProbs_N;
}

/** Largest difference of a policy's logits from PyTorch's at the fixture's positions. */
function logitError(policy: Policy, { input_ids: rows, logit_positions }: Expected, theirs: number[][][]) {
  return tf.tidy(() => {
    const { hidden_N_D } = read(policy, rows);
    const ours = tf.matMul(hidden_N_D, headWeight(policy), false, true).arraySync() as number[][];
    const errors = rows.flatMap((_, row) =>
      logit_positions.flatMap((position, i) =>
        theirs[row][i].map((logit, v) => Math.abs(ours[row * rows[0].length + position][v] - logit)),
      ),
    );
    return Math.max(...errors);
  });
}

describe.each(['llama', 'qwen2', 'qwen3', 'llama3-rope', 'llama-bf16'])('PEFT’s adapter of %s', (name) => {
  const directory = join(fixture(name), 'lora');
  const expectedOf = async (): Promise<Expected> =>
    JSON.parse(await readFile(join(fixture(name), 'expected.json'), 'utf8'));

  it('gives PEFT’s logits to 1e-4, its base the base’s', async () => {
    const expected = await expectedOf();
    const policy = await loadPolicy(directory);
    expect(logitError(policy, expected, expected.lora.logits)).toBeLessThan(1e-4);
    expect(logitError(policy.lora?.base as Policy, expected, expected.logits)).toBeLessThan(1e-4);
    const ours = tf.tidy(() => logProbs(policy, expected.input_ids).dataSync());
    expected.lora.token_logprobs.flat().forEach((logProb, i) => {
      expect(Math.abs(ours[i] - logProb)).toBeLessThan(1e-4);
    });
  });

  it('has PEFT’s loss and gradients, and none for the weights below', async () => {
    const { input_ids, lora } = await expectedOf();
    const policy = await loadPolicy(directory);
    const { value, gradients } = policyGradients(
      policy,
      () => tf.neg(tf.mean(logProbs(policy, input_ids))) as tf.Scalar,
    );
    expect(Math.abs(value.dataSync()[0] / lora.loss - 1)).toBeLessThan(1e-5);
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(lora.grads).sort());
    for (const [parameter, { norm, values }] of Object.entries(lora.grads)) {
      const gradient = gradients[parameter].dataSync();
      expect(Math.abs(Math.hypot(...gradient) / norm - 1), parameter).toBeLessThan(1e-3);
      values.forEach((theirs, i) => {
        expect(Math.abs(gradient[i] - theirs), parameter).toBeLessThan(1e-3 * norm);
      });
    }
  });

  it('merged, gives PEFT’s logits without an adapter', async () => {
    const expected = await expectedOf();
    const merged = mergeLora(await loadPolicy(directory));
    expect(merged.lora).toBeUndefined();
    expect(logitError(merged, expected, expected.lora.logits)).toBeLessThan(1e-4);
  });

  it('is written as it was read, by PEFT’s names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'adapter-'));
    try {
      const policy = await loadPolicy(directory);
      await savePolicy(policy, folder, { baseDirectory: fixture(name) });
      const contents = async (where: string) => {
        const tensors = [];
        for await (const [key, { shape, data }] of readSafetensors(join(where, 'adapter_model.safetensors')))
          tensors.push([key, { shape, data }] as const);
        return new Map(tensors.sort(([one], [other]) => one.localeCompare(other)));
      };
      expect(await contents(folder)).toEqual(await contents(directory));
      const expected = await expectedOf();
      expect(logitError(await loadPolicy(folder), expected, expected.lora.logits)).toBeLessThan(1e-4);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
