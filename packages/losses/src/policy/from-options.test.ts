import {
  grads,
  memory,
  neg,
  type Scalar,
  slice,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  valueAndGrad,
} from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { everyType } from '../../test/every-type.js';
import { relativeError } from '../../test/relative-error.js';
import { inputOf, trl } from '../../test/trl-cases.js';
import { gradientAt, lossAlone, lossValue, metricValues, take } from '../../test/values.js';
import type { PolicyLoss } from '../policy-loss.js';
import { policyLoss } from './from-options.js';
import type { PolicyLossOptions } from './options.js';

const full = { mask: 'mask' } as const;

describe.each(everyType)('policyLoss(%j)', (options) => {
  const loss = policyLoss({ ...options, beta: 0.1, entropyCoefficient: 0.01 });
  const entropies = trl.logps.map((row) => row.map((logProb) => -logProb));

  test('does not look at what stands under a mask of 0, NaN and infinity included', () => {
    const spoil = (rows: number[][], by: number) =>
      rows.map((row, b) => row.map((x, t) => (trl.mask[b][t] ? x : by)));
    const run = (by: number) =>
      tidy(() => {
        const { advantages_B, mask_B_T } = inputOf(full);
        const oldLogProbs_B_T = tensor2d(spoil(trl.old_logps, -by));
        const refLogProbs_B_T = tensor2d(spoil(trl.ref_logps, by));
        const entropies_B_T = tensor2d(spoil(entropies, by));
        const rest = { advantages_B, mask_B_T, oldLogProbs_B_T, refLogProbs_B_T, entropies_B_T };
        const f = (logProbs_B_T: Tensor2D) => lossAlone(loss, { ...rest, logProbs_B_T });
        const { value, grad } = valueAndGrad((x) => f(x as Tensor2D))(tensor2d(spoil(trl.logps, by)));
        return [...value.dataSync(), ...grad.dataSync()];
      });
    const clean = run(0);
    expect(clean.every(Number.isFinite)).toBe(true);
    for (const by of [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 200]) {
      expect(run(by)).toEqual(clean);
    }
  });

  test('is 0 with gradient 0 when no branch has a token', () => {
    const before = memory().numTensors;
    const gradient = gradientAt((logProbs_B_T) => {
      const input = inputOf(full, logProbs_B_T);
      return lossAlone(policyLoss(options), {
        ...input,
        mask_B_T: tensor2d(trl.mask.map((row) => row.map(() => 0))),
      });
    }, trl.logps);
    expect(gradient.every((value) => value === 0)).toBe(true);
    expect(memory().numTensors).toBe(before);
  });

  test('sends no gradient to old and reference log-probabilities or advantages', () => {
    tidy(() => {
      const { logProbs_B_T, oldLogProbs_B_T, refLogProbs_B_T, advantages_B, mask_B_T } = inputOf(full);
      const gradients = grads((oldLogProbs, refLogProbs, advantages) =>
        lossAlone(policyLoss({ ...options, beta: 0.1 }), {
          logProbs_B_T,
          oldLogProbs_B_T: oldLogProbs as Tensor2D,
          refLogProbs_B_T: refLogProbs as Tensor2D,
          advantages_B: advantages as Tensor1D,
          mask_B_T,
        }),
      )([oldLogProbs_B_T, refLogProbs_B_T as Tensor2D, advantages_B]);
      for (const gradient of gradients) expect(gradient.dataSync().every((value) => value === 0)).toBe(true);
    });
  });

  test('of parts of a batch, weighted by what it is a mean over, adds up to that of the batch', () => {
    tidy(() => {
      const { logProbs_B_T, oldLogProbs_B_T, refLogProbs_B_T, advantages_B, mask_B_T } = inputOf(full);
      const part = (from: number, count: number) =>
        lossValue(policyLoss({ ...options, beta: 0.1 }), {
          logProbs_B_T: slice(logProbs_B_T, from, count),
          oldLogProbs_B_T: slice(oldLogProbs_B_T, from, count),
          refLogProbs_B_T: slice(refLogProbs_B_T as Tensor2D, from, count),
          advantages_B: slice(advantages_B, from, count),
          mask_B_T: slice(mask_B_T, from, count),
        });
      const weight = (from: number, count: number) => {
        const rows = trl.mask.slice(from, from + count);
        return loss.reduction === 'branches' ? rows.length : rows.flat().reduce((a, b) => a + b);
      };
      const sum = part(0, 2) * weight(0, 2) + part(2, 4) * weight(2, 4);
      expect(relativeError([sum / weight(0, 6)], [part(0, 6)])).toBeLessThan(1e-5);
    });
  });

  test('sends no gradient to a branch whose advantage is 0 when it says so', () => {
    const gradientOf = (lossFunction: PolicyLoss) =>
      gradientAt((logProbs_B_T) => {
        const input = inputOf(full, logProbs_B_T);
        return lossAlone(lossFunction, { ...input, entropies_B_T: neg(logProbs_B_T) });
      }, trl.logps);
    // The fixture's branch 4 has the advantage 0 and 6 tokens.
    const ofBranch4 = (lossFunction: PolicyLoss) => gradientOf(lossFunction).slice(4 * 9, 4 * 9 + 6);
    const free = policyLoss(options);
    expect(free.zeroAdvantageIsFree).toBe(true);
    expect(ofBranch4(free).every((value) => value === 0)).toBe(true);
    for (const extra of [{ beta: 0.1 }, { entropyCoefficient: 0.1 }]) {
      const regularised = policyLoss({ ...options, ...extra });
      expect(regularised.zeroAdvantageIsFree).toBe(false);
      expect(regularised.usesEntropyGradient).toBe('entropyCoefficient' in extra);
      expect(ofBranch4(regularised).some((value) => value !== 0)).toBe(true);
    }
  });

  test('leaves the loss and the metrics behind, nothing else', () => {
    const input = { ...inputOf(full), entropies_B_T: tensor2d(entropies) };
    const before = memory().numTensors;
    const output = loss(input);
    expect(memory().numTensors).toBe(before + 1 + Object.keys(output.metrics).length);
    output.loss.dispose();
    for (const metric of Object.values(output.metrics)) metric.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe('policyLoss', () => {
  test('strictly on-policy, with one tensor for both, is the plain policy gradient −A / N', () => {
    const advantages = [1, -2];
    const gradient = gradientAt(
      (logProbs_B_T) =>
        lossAlone(policyLoss({ type: 'bnpo' }), {
          logProbs_B_T,
          oldLogProbs_B_T: logProbs_B_T,
          advantages_B: tensor1d(advantages),
          mask_B_T: tensor2d([
            [1, 1, 1],
            [1, 0, 0],
          ]),
        }),
      [
        [-1, -2, -3],
        [-4, -5, -6],
      ],
    );
    expect(
      relativeError(
        gradient,
        [-1, -1, -1, 2, 0, 0].map((x) => x / 4),
      ),
    ).toBeLessThan(1e-6);
  });

  test('keeps its metrics beyond the gradient function and the tidy', () => {
    const before = memory().numTensors;
    let metrics: Readonly<Record<string, Scalar>> = {};
    tidy(() => {
      valueAndGrad((logProbs) => {
        const output = policyLoss({ type: 'grpo', beta: 0.1 })(inputOf(full, logProbs as Tensor2D));
        metrics = output.metrics;
        return output.loss;
      })(tensor2d(trl.logps));
    });
    expect(Object.keys(metrics).sort()).toEqual([
      'clip_ratio/high_mean',
      'clip_ratio/low_mean',
      'clip_ratio/region_mean',
      'kl',
    ]);
    for (const metric of Object.values(metrics)) expect(Number.isFinite(take(metric)[0])).toBe(true);
    expect(memory().numTensors).toBe(before);
  });

  test('its KL is bias-corrected by default, as in TRL 1.16', () => {
    tidy(() => {
      const [plain, corrected] = ['grpo-beta0.04', 'grpo-beta0.04-biascorr'].map(
        (name) => trl.cases.find((trlCase) => trlCase.name === name)?.loss ?? Number.NaN,
      );
      const options = { type: 'grpo', epsilonHigh: 0.28, beta: 0.04 } as const;
      expect(lossValue(policyLoss(options), inputOf(full))).toBeCloseTo(corrected, 6);
      expect(lossValue(policyLoss({ ...options, klBiasCorrection: false }), inputOf(full))).toBeCloseTo(
        plain,
        6,
      );
    });
  });

  test('takes the entropy off the loss, token by token', () => {
    tidy(() => {
      const entropies_B_T = tensor2d(trl.logps.map((row, b) => row.map((_, t) => b + t / 10)));
      const input = { ...inputOf(full), entropies_B_T };
      const bonus =
        lossValue(policyLoss({ type: 'bnpo' }), input) -
        lossValue(policyLoss({ type: 'bnpo', entropyCoefficient: 0.5 }), input);
      const kept = trl.mask.flatMap((row, b) => row.flatMap((on, t) => (on ? [b + t / 10] : [])));
      const mean = kept.reduce((a, b) => a + b) / kept.length;
      expect(bonus).toBeCloseTo(0.5 * mean, 5);
      expect(metricValues(policyLoss({ type: 'bnpo' }), input).entropy).toBeCloseTo(mean, 5);
    });
  });

  test('says which tensor is missing', () => {
    tidy(() => {
      const { logProbs_B_T, oldLogProbs_B_T, advantages_B, mask_B_T } = inputOf(full);
      const bare = { logProbs_B_T, oldLogProbs_B_T, advantages_B, mask_B_T };
      expect(() => policyLoss({ type: 'grpo', beta: 0.1 })(bare)).toThrow(
        expect.objectContaining({
          code: 'missing_tensor',
          message: expect.stringContaining('refLogProbs_B_T'),
        }),
      );
      expect(() => policyLoss({ type: 'grpo', entropyCoefficient: 0.1 })(bare)).toThrow(
        expect.objectContaining({
          code: 'missing_tensor',
          message: expect.stringContaining('entropies_B_T'),
        }),
      );
    });
  });

  test('refuses shapes that would broadcast in silence', () => {
    tidy(() => {
      const input = inputOf(full);
      expect(() => policyLoss({ type: 'grpo' })({ ...input, advantages_B: tensor1d([1]) })).toThrow(
        expect.objectContaining({ code: 'invalid_shape', message: expect.stringContaining('advantages_B') }),
      );
      expect(() => policyLoss({ type: 'grpo' })({ ...input, mask_B_T: slice(input.mask_B_T, 0, 1) })).toThrow(
        expect.objectContaining({ code: 'invalid_shape', message: expect.stringContaining('mask_B_T') }),
      );
    });
  });

  test.each([
    ['epsilonLow', { type: 'grpo', epsilonLow: -0.1 }],
    ['epsilonLow', { type: 'grpo', epsilonLow: 1.5 }],
    ['epsilonHigh', { type: 'dapo', epsilonHigh: Number.NaN }],
    ['delta', { type: 'bnpo', epsilonHigh: 0.2, delta: 1.1 }],
    ['beta', { type: 'grpo', beta: -1 }],
    ['entropyCoefficient', { type: 'grpo', entropyCoefficient: Number.POSITIVE_INFINITY }],
    ['maxCompletionLength', { type: 'dr_grpo', maxCompletionLength: 0 }],
    ['epsilonHigh', { type: 'cispo', epsilonHigh: 0 }],
    ['temperatureNegative', { type: 'sapo', temperatureNegative: 0 }],
    ['lambdaPositive', { type: 'vespo', lambdaPositive: -1 }],
  ] satisfies [string, PolicyLossOptions][])('refuses %s out of range: %j', (field, options) => {
    expect(() => policyLoss(options)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(field) }),
    );
  });

  test('refuses, in types and when run, options that the type does not know', () => {
    // @ts-expect-error: dr_grpo needs maxCompletionLength
    expect(() => policyLoss({ type: 'dr_grpo' })).toThrow(/maxCompletionLength/);
    // @ts-expect-error: not a type
    expect(() => policyLoss({ type: 'ppo' })).toThrow(/type must be one of grpo/);
    // @ts-expect-error: not a level
    expect(() => policyLoss({ type: 'grpo', importanceSamplingLevel: 'word' })).toThrow(
      /importanceSamplingLevel/,
    );
    // @ts-expect-error: cispo has no lower clip
    expect(() => policyLoss({ type: 'cispo', epsilonLow: 0.2 })).toThrow(/epsilonLow/);
    // @ts-expect-error: luspo is sequence-level by definition
    expect(() => policyLoss({ type: 'luspo', importanceSamplingLevel: 'token' })).toThrow(
      /importanceSamplingLevel/,
    );
    // @ts-expect-error: only dr_grpo divides by a constant
    expect(() => policyLoss({ type: 'grpo', maxCompletionLength: 8 })).toThrow(/maxCompletionLength/);
  });

  test('counts the KL of luspo under the mask, weighed by the ratio of the sequence', () => {
    const beta = 0.04;
    const { logps, old_logps, ref_logps, mask } = trl;
    const sums = mask.map((row, b) => {
      const mean = (values: number[]) =>
        row.reduce((sum, m, t) => sum + m * values[t], 0) / row.reduce((sum, m) => sum + m, 0);
      const ratio = Math.exp(mean(logps[b].map((logp, t) => logp - old_logps[b][t])));
      const gaps = logps[b].map((logp, t) => ref_logps[b][t] - logp);
      return row.reduce((sum, m, t) => sum + m * ratio * (Math.exp(gaps[t]) - gaps[t] - 1), 0);
    });
    const input = inputOf({ mask: 'mask' });
    const penalty =
      lossValue(policyLoss({ type: 'luspo', beta }), input) - lossValue(policyLoss({ type: 'luspo' }), input);
    expect(penalty).toBeCloseTo((beta * sums.reduce((a, b) => a + b, 0)) / sums.length, 5);
  });
});
