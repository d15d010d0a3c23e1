import { seededRandom } from '@midtrain/curriculum';
import { canCompile, compiledOperation } from '@midtrain/kernels';
import { dualObjective, type PolicyLoss, policyLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { withLora } from '../lora/with-lora.js';
import { disposePolicy, type Policy } from '../policy/policy.js';
import { packRows } from '../tree/pack-tree.js';
import { readTrunk } from '../tree/trunk.js';
import { type DualUpdateOptions, dualGradients } from './dual-update.js';
import type { Gradients } from './gradients.js';
import type { ScoredPosition } from './update-batch.js';

beforeAll(startBackend);

/** Random documents, and positions in them: the first token, the last, any between. */
const batches = fc.integer({ min: 0, max: 2 ** 31 }).map((seed) => {
  const random = seededRandom(seed);
  const int = (from: number, to: number) => from + Math.floor(random.next() * (to - from + 1));
  const tokens = (length: number) => Array.from({ length }, () => int(0, TINY.vocabularySize - 1));
  const documents = Array.from({ length: int(1, 3) }, () => Int32Array.from(tokens(int(2, 40))));
  const positions = documents.flatMap(({ length }, document) =>
    [...new Set([0, length - 1, ...Array.from({ length: int(0, 3) }, () => int(1, length - 1))])].map(
      (position): ScoredPosition => {
        const branches = Array.from({ length: int(1, 4) }, () => tokens(int(1, 9)));
        return {
          document,
          position,
          instruction: tokens(int(1, 5)),
          branches,
          oldLogProbs: branches.map((branch) => branch.map(() => -4 * random.next())),
          advantages: branches.map(() => (random.next() < 0.2 ? 0 : 2 * random.next() - 1)),
          kept: branches.map(() => random.next() < 0.9),
        };
      },
    ),
  );
  return { documents, positions };
});

function expectClose(actual: Gradients, expected: Gradients, tolerance: number): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const name of Object.keys(expected)) {
    const difference = tf.norm(tf.sub(actual[name], expected[name])).dataSync()[0];
    expect(difference / (tf.norm(expected[name]).dataSync()[0] + 1e-6), name).toBeLessThan(tolerance);
  }
}

const components = (type: 'grpo' | 'dapo') => ({
  policyLoss: policyLoss({ type }),
  objective: dualObjective({ lambda: 0.1 }),
});
const WHOLE = { maxTokensPerPass: 1e9 };

/** A batch with lengths that stay and everything else that changes. */
function steadyBatch(seed: number) {
  const random = seededRandom(seed);
  const tokens = (length: number) =>
    Array.from({ length }, () => Math.floor(random.next() * TINY.vocabularySize));
  const documents = [17, 9].map((length) => Int32Array.from(tokens(length)));
  const positions = [3, 8].map((position, document): ScoredPosition => {
    const branches = [5, 2, 4].map(tokens);
    return {
      document,
      position,
      instruction: tokens(3),
      branches,
      oldLogProbs: branches.map((branch) => branch.map(() => -4 * random.next())),
      advantages: branches.map(() => 2 * random.next() - 1),
      kept: branches.map(() => true),
    };
  });
  return { documents, positions };
}

describe('dualGradients', () => {
  const POLICIES = {
    'all weights': () => tinyPolicy(5),
    'an adapter that drops': () => withLora(tinyPolicy(5), { rank: 4, dropout: 0.3 }, 6),
  };
  it.each(
    Object.entries(POLICIES).flatMap(([of, make]) =>
      [false, true].flatMap((recompute) => [
        [of, recompute, 'in one pass', 1e9, 4, make] as const,
        [of, recompute, 'in several', 8, 24, make] as const,
      ]),
    ),
  )(
    'of %s are the same compiled as by operation, with other numbers each time, layers computed anew: %s, %s',
    { timeout: 120_000 },
    async (_of, recompute, _passes, maxTokensPerPass, passes, make) => {
      const policy = make();
      const compiled = compiledOperation('a test');
      for (let seed = 1; seed <= 4; seed++) {
        const batch = steadyBatch(seed);
        const dropout = { seed, pass: 'a test' };
        const options = { ...components('grpo'), maxTokensPerPass, recompute, dropout };
        const found = await dualGradients(policy, batch, { ...options, compiled });
        const expected = await dualGradients(policy, batch, options);
        expectClose(found.gradients, expected.gradients, 1e-5);
        expect(Math.abs(found.report.loss - expected.report.loss)).toBeLessThan(1e-6);
        tf.dispose([found.gradients, expected.gradients]);
      }
      const graph = passes * TINY.layers;
      if (canCompile()) expect(compiled.calls).toEqual({ graph, byOperation: 0 });
      compiled.dispose();
      disposePolicy(policy);
    },
  );

  it('are the same on the tree and row by row, over random trees', async () => {
    const policy = tinyPolicy();
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const tree = await dualGradients(policy, batch, { ...components('grpo'), ...WHOLE });
        const rows = await dualGradients(policy, batch, {
          ...components('grpo'),
          ...WHOLE,
          layout: packRows,
        });
        expect(Math.abs(tree.report.loss - rows.report.loss)).toBeLessThan(1e-4);
        expectClose(tree.gradients, rows.gradients, 1e-4);
        tf.dispose([tree.gradients, rows.gradients]);
      }),
      { numRuns: 25, seed: 11 },
    );
  }, 120_000);

  it('learn the documents’ tokens but those in C', async () => {
    const policy = tinyPolicy(9);
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const { gradients, report } = await dualGradients(policy, batch, { ...components('grpo'), ...WHOLE });
        const trunk = await readTrunk(policy, batch.documents);
        const outside = trunk.readings.flatMap(({ logProbs }, document) =>
          [...logProbs].filter(
            (_, at) => at > 0 && !batch.positions.some((p) => p.document === document && p.position === at),
          ),
        );
        const mean = outside.reduce((sum, logProb) => sum + logProb, 0) / Math.max(1, outside.length);
        expect(report.nextTokenLoss).toBeCloseTo(-mean, 4);
        trunk.dispose();
        tf.dispose(gradients);
      }),
      { numRuns: 15, seed: 21 },
    );
  }, 120_000);

  it('tell what share of the policy loss had a gradient, which the entropy is a mean over', async () => {
    const policy = tinyPolicy(2);
    const { documents, positions } = steadyBatch(4);
    const equal = (one: ScoredPosition) => ({ ...one, advantages: one.advantages.map(() => 0) });
    const reports = [];
    for (const some of [
      positions,
      [positions[0], equal(positions[1])],
      [positions[0]],
      positions.map(equal),
    ]) {
      const { gradients, report } = await dualGradients(
        policy,
        { documents, positions: some },
        { ...components('grpo'), ...WHOLE },
      );
      tf.dispose(gradients);
      reports.push(report);
    }
    const [both, half, alone, none] = reports;
    expect([both, half, alone, none].map(({ share }) => share)).toEqual([1, 0.5, 1, 0]);
    expect(half.metrics.entropy).toBeCloseTo(alone.metrics.entropy, 5);
    expect(both.metrics.entropy).not.toBeCloseTo(alone.metrics.entropy, 3);
    disposePolicy(policy);
  });

  it.each<[string, () => Partial<DualUpdateOptions> & { policy: Policy }]>([
    ['a mean over branches', () => ({ policy: tinyPolicy(2) })],
    ['a mean over tokens', () => ({ policy: tinyPolicy(2), policyLoss: policyLoss({ type: 'dapo' }) })],
    [
      'a reference and entropies',
      () => ({
        policy: tinyPolicy(2),
        reference: tinyPolicy(3),
        policyLoss: policyLoss({ type: 'grpo', beta: 0.3, entropyCoefficient: 0.2 }),
      }),
    ],
    ['layers computed anew', () => ({ policy: tinyPolicy(2), recompute: true })],
    [
      'an adapter of some layers over its base',
      () => {
        const base = tinyPolicy(2, { layers: 3 });
        const policy = withLora(base, { targetModules: ['layers.1.self_attn.q_proj', 'k_proj'] }, 1);
        const [name] = Object.keys(policy.parameters).filter((one) => one.includes('lora_B'));
        policy.parameters[name].assign(tf.randomNormal(policy.parameters[name].shape, 0, 0.3, 'float32', 8));
        return { policy, reference: base, policyLoss: policyLoss({ type: 'grpo', beta: 0.3 }) };
      },
    ],
  ])(
    'add up over passes, cut in documents, positions and groups: %s',
    { timeout: 120_000 },
    async (_, make) => {
      const { policy, ...changes } = make();
      const options = { ...components('grpo'), ...changes };
      let cuts = 0;
      await fc.assert(
        fc.asyncProperty(batches, fc.integer({ min: 1, max: 60 }), async (batch, maxTokensPerPass) => {
          const whole = await dualGradients(policy, batch, { ...options, ...WHOLE });
          const before = tf.memory().numTensors;
          const parts = await dualGradients(policy, batch, { ...options, maxTokensPerPass });
          expect(tf.memory().numTensors - before).toBe(Object.keys(parts.gradients).length);
          expect(parts.report.loss).toBeCloseTo(whole.report.loss, 4);
          expect(parts.report.policyLoss).toBeCloseTo(whole.report.policyLoss, 4);
          expect(parts.report.nextTokenLoss).toBeCloseTo(whole.report.nextTokenLoss, 4);
          // An instruction whose branches are cut apart is read again.
          expect(parts.report.tokens).toBeGreaterThanOrEqual(whole.report.tokens);
          cuts += parts.report.tokens - whole.report.tokens;
          expectClose(parts.gradients, whole.gradients, 1e-4);
          tf.dispose([whole.gradients, parts.gradients]);
        }),
        { numRuns: 12, seed: 5 },
      );
      expect(cuts).toBeGreaterThan(0);
    },
  );

  it.each(['grpo', 'dapo'] as const)(
    'tell the entropy and divergence of all tokens, however passes cut branches of unequal lengths: %s',
    async (type) => {
      const [policy, reference] = [tinyPolicy(2), tinyPolicy(3)];
      const options = { ...components(type), policyLoss: policyLoss({ type, beta: 0.3 }), reference };
      await fc.assert(
        fc.asyncProperty(batches, fc.integer({ min: 1, max: 60 }), async (batch, maxTokensPerPass) => {
          const whole = await dualGradients(policy, batch, { ...options, ...WHOLE });
          const parts = await dualGradients(policy, batch, { ...options, maxTokensPerPass });
          for (const figure of ['entropy', 'kl', 'clip_ratio/region_mean'])
            expect(parts.report.metrics[figure], figure).toBeCloseTo(whole.report.metrics[figure], 4);
          tf.dispose([whole.gradients, parts.gradients]);
        }),
        { numRuns: 10, seed: 6 },
      );
    },
    120_000,
  );

  it('of a loss that is no mean stay whole', async () => {
    const policy = tinyPolicy(2);
    const grpo = policyLoss({ type: 'grpo' });
    let calls = 0;
    const loss: PolicyLoss = (input) => {
      calls++;
      return grpo(input);
    };
    const [batch] = fc.sample(batches, { numRuns: 1, seed: 8 });
    const options = { ...components('grpo'), policyLoss: loss, maxTokensPerPass: 1 };
    tf.dispose((await dualGradients(policy, batch, options)).gradients);
    expect(calls).toBe(1);
  });

  it('take memory by tokens, however many branches there are', async () => {
    const policy = tinyPolicy(6);
    const text = Int32Array.from({ length: 60 }, (_, i) => (7 * i) % TINY.vocabularySize);
    const branch = Array.from({ length: 12 }, (_, i) => (5 * i) % TINY.vocabularySize);
    const peak = async (count: number, maxTokensPerPass: number) => {
      const branches = Array.from({ length: count }, () => branch);
      const position = {
        ...{ document: 0, position: 40, instruction: [1, 2], branches },
        oldLogProbs: branches.map((tokens) => tokens.map(() => -3)),
        advantages: branches.map((_, i) => (i % 2 ? 1 : -1)),
        kept: branches.map(() => true),
      };
      const batch = { documents: [text], positions: [position] };
      const { peakBytes } = await tf.profile(async () => {
        const options = { ...components('grpo'), maxTokensPerPass };
        tf.dispose((await dualGradients(policy, batch, options)).gradients);
        return [];
      });
      return peakBytes;
    };
    const few = await peak(8, 100);
    expect(await peak(128, 100)).toBeLessThan(1.15 * few);
    expect(await peak(128, 1e9)).toBeGreaterThan(2 * few);
  });

  it('are the loss’s slope: central differences along random directions', async () => {
    const policy = tinyPolicy(3, { layers: 1 });
    const [batch] = fc.sample(batches, { numRuns: 1, seed: 3 });
    const options = { ...components('dapo'), ...WHOLE };
    const { gradients } = await dualGradients(policy, batch, options);
    for (const name of ['model.embed_tokens.weight', 'model.layers.0.self_attn.k_proj.weight']) {
      const parameter = policy.parameters[name];
      const direction = tf.randomNormal(parameter.shape, 0, 1, 'float32', 9);
      const original = tf.clone(parameter);
      const lossAt = async (step: number) => {
        tf.tidy(() => parameter.assign(tf.add(original, tf.mul(direction, step))));
        const moved = await dualGradients(policy, batch, options);
        tf.dispose(moved.gradients);
        return moved.report.loss;
      };
      const slope = ((await lossAt(1e-3)) - (await lossAt(-1e-3))) / 2e-3;
      parameter.assign(original as tf.Tensor);
      const expected = tf.sum(tf.mul(gradients[name], direction)).dataSync()[0];
      expect(Math.abs(slope - expected)).toBeLessThan(2e-2 * Math.max(1, Math.abs(expected)));
    }
  });

  it('keep no tensors', async () => {
    const policy = tinyPolicy(4);
    const [batch] = fc.sample(batches, { numRuns: 1, seed: 4 });
    const run = async () =>
      tf.dispose((await dualGradients(policy, batch, { ...components('grpo'), ...WHOLE })).gradients);
    await run();
    const before = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(before);
  });
});
