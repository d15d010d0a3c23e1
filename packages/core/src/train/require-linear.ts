import type { DualObjective } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { TrainingOptionError } from './training-option-error.js';

/** Pairs of L_RL and L_NTP, of several signs and sizes. */
const PROBES = [
  [1, 0],
  [0, 1],
  [-2, 3],
  [0.5, -4],
  [-50, 60],
  [20, -30],
] as const;

/** Of the numbers that are added. float32 has seven digits, and an objective a few operations. */
const TOLERANCE = 1e-5;

/** Objectives that have been checked. */
const linear = new WeakSet<DualObjective>();

/** The objective's values. */
async function valuesAt(
  objective: DualObjective,
  pairs: readonly (readonly [number, number])[],
): Promise<Float32Array> {
  const values = tf.tidy(() =>
    tf.stack(
      pairs.map(([policyLoss, nextTokenLoss]) => objective(tf.scalar(policyLoss), tf.scalar(nextTokenLoss))),
    ),
  );
  try {
    return await values.data<'float32'>();
  } finally {
    values.dispose();
  }
}

/**
 * Lets an objective pass that may be given a batch part by part. Each is looked at once.
 *
 * @throws {TrainingOptionError} where the parts' losses would not add up to the whole's
 */
export async function requireLinear(objective: DualObjective): Promise<void> {
  if (linear.has(objective)) return;
  const sums = PROBES.slice(1).map(([a, b], i) => [a + PROBES[i][0], b + PROBES[i][1]] as const);
  const [atZero, ...values] = await valuesAt(objective, [[0, 0], ...PROBES, ...sums]);
  if (!(Math.abs(atZero) <= TOLERANCE)) {
    throw new TrainingOptionError(
      `objective: expected 0 for two losses of 0, got ${atZero}: it is called for every part of a step, and a constant would count for each`,
    );
  }
  sums.forEach(([a, b], i) => {
    const [one, other, together] = [values[i], values[i + 1], values[PROBES.length + i]];
    const size = Math.abs(one) + Math.abs(other) + Math.abs(together);
    if (Math.abs(one + other - together) <= TOLERANCE * size) return;
    throw new TrainingOptionError(
      `objective: expected to be linear, but for L_RL = ${a} and L_NTP = ${b} it is ${together}, and for two parts of them ${one} and ${other}: a step is computed in parts, whose losses must add up`,
    );
  });
  linear.add(objective);
}
