import { type DualObjective, dualObjective } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import { tinyRun } from '../../test/tiny-run.js';
import { dualGradients } from './dual-update.js';
import { midTrain } from './mid-train.js';
import { requireLinear } from './require-linear.js';

beforeAll(startBackend);

const LINEAR: [string, DualObjective][] = [
  ['the paper’s', dualObjective()],
  ['next tokens left out', dualObjective({ lambda: 0 })],
  ['a large λ', dualObjective({ lambda: 1e4 })],
  ['thirds', (rl, ntp) => tf.add(tf.div(rl, 3), tf.mul(ntp, 2 / 3))],
];

const OTHERS: [string, DualObjective, RegExp][] = [
  [
    'a constant',
    (rl, ntp) => tf.add(tf.add(rl, ntp), 0.01),
    /^objective: expected 0 for two losses of 0, got 0\.0\d/,
  ],
  [
    'a product',
    (rl, ntp) => tf.mul(rl, ntp),
    /^objective: expected to be linear, but for L_RL = 1 and L_NTP = 1 it is 1/,
  ],
  ['the larger', (rl, ntp) => tf.maximum(rl, ntp), /^objective: expected to be linear/],
  ['a square', (rl, ntp) => tf.add(rl, tf.square(ntp)), /^objective: expected to be linear/],
  ['a bound', (rl, ntp) => tf.add(tf.clipByValue(rl, -10, 10), ntp), /^objective: expected to be linear/],
  ['no number', (rl) => tf.mul(rl, Number.NaN), /^objective: expected 0 for two losses of 0, got NaN/],
];

describe('requireLinear', () => {
  it.each(LINEAR)('lets %s pass, once and for all', async (_, objective) => {
    let calls = 0;
    const counted: DualObjective = (...losses) => {
      calls++;
      return objective(...losses);
    };
    const before = tf.memory().numTensors;
    await requireLinear(counted);
    const first = calls;
    await requireLinear(counted);
    expect(calls).toBe(first);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(OTHERS)('refuses %s, wherever an objective is taken', async (_, objective, message) => {
    const policy = tinyPolicy();
    const before = tf.memory().numTensors;
    const refused = expect.objectContaining({
      code: 'invalid_option',
      message: expect.stringMatching(message),
    });
    await expect(requireLinear(objective)).rejects.toEqual(refused);
    const options = tinyRun({ policy, objective });
    await expect(midTrain(options).next()).rejects.toEqual(refused);
    const batch = { documents: [Int32Array.of(1, 2, 3)], positions: [] };
    await expect(dualGradients(policy, batch, options)).rejects.toEqual(refused);
    expect(tf.memory().numTensors).toBe(before);
  });
});
