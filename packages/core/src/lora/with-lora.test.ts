import { treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { decode } from '../policy/decoder.js';
import { headWeight, type Policy, weightsOf } from '../policy/policy.js';
import { predictTokens } from '../policy/predict.js';
import { policyGradients } from '../train/gradients.js';
import { packTree } from '../tree/pack-tree.js';
import { LoraError } from './lora-error.js';
import type { LoraOptions } from './lora-options.js';
import { mergeLora } from './merge-lora.js';
import { withLora } from './with-lora.js';

beforeAll(startBackend);

const document = Int32Array.from({ length: 20 }, (_, i) => (11 * i + 3) % TINY.vocabularySize);
const tree = packTree([document], []);

const loss = (policy: Policy, seed?: number): tf.Scalar => {
  const hidden = decode(policy, tree, (_, q, k, v) => treeAttention(q, k, v, tree.groups), {
    dropout: seed === undefined ? undefined : { seed, pass: 'a test' },
  });
  const read = tf.gather(hidden, tf.tensor1d(tree.trunkRows, 'int32'));
  const { logProbs_N } = predictTokens(policy, read, tf.tensor1d(tree.trunkTargets, 'int32'));
  return tf.neg(tf.mean(logProbs_N)) as tf.Scalar;
};
const lossOf = (policy: Policy, seed?: number) => tf.tidy(() => loss(policy, seed).dataSync()[0]);

/** B starts at 0, where A has no gradient: spreads it out. */
function disturb(policy: Policy): Policy {
  for (const [name, parameter] of Object.entries(policy.parameters)) {
    if (!name.includes('lora_B')) continue;
    tf.tidy(() => parameter.assign(tf.randomNormal(parameter.shape, 0, 0.3, 'float32', 4)));
  }
  return policy;
}

describe('withLora', () => {
  it('predicts at first exactly what its base does', () => {
    const base = tinyPolicy();
    expect(lossOf(withLora(base, { rank: 3 }, 1))).toBe(lossOf(base));
  });

  it('gives every linear layer but the head an adapter, and those named', () => {
    const names = (options: LoraOptions) =>
      Object.entries(withLora(tinyPolicy(1, { layers: 1 }), { rank: 3, ...options }, 1).parameters).map(
        ([name, { shape }]) => `${name.replace('.weight', '')} ${shape}`,
      );
    const wanted = [
      ['q_proj', 24, 24],
      ['k_proj', 12, 24],
      ['v_proj', 12, 24],
      ['o_proj', 24, 24],
      ['gate_proj', 32, 24],
      ['up_proj', 32, 24],
      ['down_proj', 24, 32],
    ].flatMap(([name, out, width], i) => {
      const at = `model.layers.0.${i < 4 ? 'self_attn' : 'mlp'}.${name}`;
      return [`${at}.lora_A 3,${width}`, `${at}.lora_B ${out},3`];
    });
    expect(names({})).toEqual(wanted);
    expect(names({ targetModules: ['mlp.down_proj', 'lm_head'] })).toEqual([
      ...wanted.slice(-2),
      'lm_head.lora_A 3,24',
      'lm_head.lora_B 40,3',
    ]);
  });

  it.each<[string, LoraOptions, string]>([
    ['no rank', { rank: 0 }, 'lora.rank: is 0, expected a whole number ≥ 1'],
    ['no scale', { alpha: -1 }, 'lora.alpha: is -1, expected a number > 0'],
    ['dropping all', { dropout: 1 }, 'lora.dropout: is 1, expected a number from 0 to below 1'],
    [
      'no targets',
      { targetModules: [] },
      'lora.targetModules: is [], expected the names of some linear layers',
    ],
    ['a strange target', { targetModules: ['q_proj', 'c_attn'] }, '"c_attn" names no linear layer'],
    ['a part of a name', { targetModules: ['proj'] }, '"proj" names no linear layer'],
    ['dropout at the head', { targetModules: ['lm_head'], dropout: 0.1 }, 'the head takes no dropout'],
  ])('refuses %s', (_, options, message) => {
    expect(() => withLora(tinyPolicy(), options, 1)).toThrow(message);
    expect(() => withLora(tinyPolicy(), options, 1)).toThrow(LoraError);
  });

  it('refuses an adapter upon an adapter', () => {
    expect(() => withLora(withLora(tinyPolicy(), {}, 1), {}, 1)).toThrow('has an adapter already');
  });
});

describe('an adapter’s gradients', { timeout: 60_000 }, () => {
  it.each<[string, LoraOptions, number | undefined]>([
    ['all linear layers', { rank: 3, alpha: 5 }, undefined],
    ['rsLoRA', { rank: 3, alpha: 2, rsLora: true }, undefined],
    ['with dropout', { rank: 3, dropout: 0.4 }, 8],
    ['the tied head too', { rank: 3, targetModules: ['up_proj', 'lm_head'] }, undefined],
  ])('are the loss’s slope by central differences: %s', (_, options, seed) => {
    const policy = disturb(withLora(tinyPolicy(3), options, 2));
    const { gradients } = policyGradients(policy, () => loss(policy, seed));
    for (const [name, parameter] of Object.entries(policy.parameters)) {
      tf.tidy(() => {
        const direction = tf.randomNormal(parameter.shape, 0, 1, 'float32', 9);
        const original = tf.clone(parameter as tf.Tensor);
        const lossAt = (step: number) => {
          parameter.assign(tf.add(original, tf.mul(direction, step)));
          return lossOf(policy, seed);
        };
        const slope = (lossAt(2e-3) - lossAt(-2e-3)) / 4e-3;
        parameter.assign(original);
        const expected = tf.sum(tf.mul(gradients[name], direction)).dataSync()[0];
        expect(Math.abs(slope - expected), name).toBeLessThan(2e-2 * Math.max(0.1, Math.abs(expected)));
      });
    }
  });

  it('are computed without any gradient of a frozen matrix', async () => {
    // Sizes that nothing else of the pass has.
    const base = tinyPolicy(1, { hiddenSize: 22, headDim: 14, intermediateSize: 34, vocabularySize: 46 });
    const policy = withLora(base, { rank: 3 }, 2);
    const shapes = async (of: Policy) => {
      const { kernels } = await tf.profile(() =>
        Object.values(policyGradients(of, () => loss(of)).gradients),
      );
      const computing = kernels.filter(({ name }) => name !== 'Identity');
      return new Set(computing.flatMap(({ outputShapes }) => outputShapes.map(String)));
    };
    const frozen = Object.values(base.parameters).flatMap(({ shape }) =>
      shape.length === 2 ? [String(shape)] : [],
    );
    const computed = await shapes(policy);
    expect(frozen.filter((shape) => computed.has(shape))).toEqual([]);
    // The same look at a policy that trains whole finds every one.
    const whole = await shapes(base);
    expect(frozen.filter((shape) => !whole.has(shape))).toEqual([]);
  });
});

describe('dropout', () => {
  it('is decided by its key, and absent without one', () => {
    const policy = disturb(withLora(tinyPolicy(), { dropout: 0.5 }, 1));
    expect(lossOf(policy, 1)).toBe(lossOf(policy, 1));
    expect(lossOf(policy, 1)).not.toBe(lossOf(policy, 2));
    expect(lossOf(policy)).not.toBe(lossOf(policy, 1));
  });
});

describe('mergeLora', () => {
  it.each([true, false])('unties a head that it changes (tied: %s)', (tieWordEmbeddings) => {
    const options = { rank: 3, targetModules: ['down_proj', 'lm_head'] };
    const policy = disturb(withLora(tinyPolicy(5, { tieWordEmbeddings }), options, 2));
    const before = lossOf(policy);
    const embedding = weightsOf(policy)['model.embed_tokens.weight'].dataSync();
    const merged = mergeLora(policy);
    expect(merged.config.tieWordEmbeddings).toBe(false);
    expect(lossOf(merged)).toBeCloseTo(before, 5);
    expect(weightsOf(merged)['model.embed_tokens.weight'].dataSync()).toEqual(embedding);
    expect(headWeight(merged)).toBe(merged.parameters['lm_head.weight']);
  });

  it('leaves a policy without an adapter as it is, and no tensors of one', () => {
    const base = tinyPolicy();
    const before = tf.memory().numTensors;
    expect(mergeLora(base)).toBe(base);
    mergeLora(withLora(base, {}, 1));
    expect(tf.memory().numTensors).toBe(before);
  });
});
