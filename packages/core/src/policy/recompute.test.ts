import { dualObjective, policyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { withLora } from '../lora/with-lora.js';
import { dualGradients } from '../train/dual-update.js';
import type { Gradients } from '../train/gradients.js';
import type { ScoredPosition } from '../train/update-batch.js';
import type { Policy } from './policy.js';

beforeAll(startBackend);

const tokens = (length: number, from: number) =>
  Array.from({ length }, (_, i) => (from + 7 * i) % TINY.vocabularySize);
const documents = [0, 3, 5].map((from) => Int32Array.from(tokens(24, from)));
const positions = documents.map((_, document): ScoredPosition => {
  const branches = [tokens(6, 1), tokens(4, 2)];
  return {
    document,
    position: 9 + document,
    instruction: tokens(3, 4),
    branches,
    oldLogProbs: branches.map((branch) => branch.map(() => -2)),
    advantages: [1, -0.5],
    kept: [true, true],
  };
});

const gradientsOf = (policy: Policy, recompute: boolean) =>
  dualGradients(
    policy,
    { documents, positions },
    {
      policyLoss: policyLoss({ type: 'dapo', beta: policy.lora ? 0.1 : 0 }),
      objective: dualObjective({ lambda: 0.5 }),
      reference: policy.lora?.base,
      maxTokensPerPass: 1e9,
      recompute,
      dropout: { seed: 3, pass: 'a test' },
    },
  );

const values = (gradients: Gradients) =>
  Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, [...gradient.dataSync()]]));

const DEEP = { layers: 6 };
const POLICIES = {
  'all weights': () => tinyPolicy(1, DEEP),
  'an adapter with dropout': () => withLora(tinyPolicy(2, DEEP), { rank: 4, dropout: 0.3 }, 5),
  'an adapter of some layers': () =>
    withLora(
      tinyPolicy(2, DEEP),
      { targetModules: ['layers.2.mlp.up_proj', 'layers.4.self_attn.q_proj'] },
      5,
    ),
};

describe.each(Object.entries(POLICIES))('recomputing the layers of %s', { timeout: 60_000 }, (_, make) => {
  it('gives the same gradients bit for bit, and keeps no tensors', async () => {
    const policy = make();
    const kept = await gradientsOf(policy, false);
    const before = tf.memory().numTensors;
    const again = await gradientsOf(policy, true);
    expect(again.report).toEqual(kept.report);
    expect(values(again.gradients)).toEqual(values(kept.gradients));
    expect(tf.memory().numTensors - before).toBe(Object.keys(kept.gradients).length);
  });

  it('holds fewer bytes at the peak', async () => {
    const policy = make();
    const peak = async (recompute: boolean) => {
      const profile = await tf.profile(async () => {
        tf.dispose((await gradientsOf(policy, recompute)).gradients);
        return [];
      });
      return profile.peakBytes;
    };
    const weights = tf.memory().numBytes;
    expect((await peak(true)) - weights).toBeLessThan(0.6 * ((await peak(false)) - weights));
  });
});
