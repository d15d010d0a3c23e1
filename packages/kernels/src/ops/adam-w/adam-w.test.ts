import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { candidates, useReference } from '../conformance/backends.js';
import { normals } from '../conformance/random.js';
import { adamW } from './adam-w.js';
import { exportAdamWState, importAdamWState } from './adam-w-state.js';

const SIZE = 37;
const STEPS = 5;
const RATES = [1e-2, 3e-3, 1e-2, 0, 5e-2];
const gradientOf = (step: number): Float32Array => normals(SIZE, 100 + step, 0.3);

/**
 * AdamW of one number from the definition of its moments, not step by step:
 * m_t = (1−β1)·Σ β1^(t−i)·g_i and v_t alike, bias-corrected by 1−β^t (torch.optim.AdamW's documentation).
 */
function closedForm(start: number, gradients: readonly number[], weightDecay: number): number {
  const [beta1, beta2] = [0.9, 0.95];
  const moment = (beta: number, t: number, of: (g: number) => number) =>
    ((1 - beta) * gradients.slice(0, t).reduce((sum, g, i) => sum + beta ** (t - 1 - i) * of(g), 0)) /
    (1 - beta ** t);
  return RATES.slice(0, gradients.length).reduce((value, rate, index) => {
    const first = moment(beta1, index + 1, (g) => g);
    const second = moment(beta2, index + 1, (g) => g * g);
    return value * (1 - rate * weightDecay) - (rate * first) / (Math.sqrt(second) + 1e-8);
  }, start);
}

const cpu = { name: 'cpu', use: useReference };

describe.each([cpu, ...(await candidates())])('adamW on $name', ({ use }) => {
  beforeAll(use);

  it('takes the steps of the closed form, decay on the named parameters only', async () => {
    const start = normals(SIZE, 1);
    const parameters = { matrix: tf.variable(tf.tensor1d(start)), norm: tf.variable(tf.tensor1d(start)) };
    const optimiser = adamW({ decays: (name) => name === 'matrix' });
    const state = optimiser.init(parameters);
    for (let step = 0; step < STEPS; step++) {
      const gradient = tf.tensor1d(gradientOf(step));
      optimiser.update(parameters, { matrix: gradient, norm: gradient }, state, RATES[step]);
    }
    expect(state.step).toBe(STEPS);
    for (const [name, decay] of [
      ['matrix', 0.1],
      ['norm', 0],
    ] as const) {
      const values = await parameters[name].data();
      values.forEach((value, index) => {
        const gradients = Array.from({ length: STEPS }, (_, step) => gradientOf(step)[index]);
        expect(value).toBeCloseTo(closedForm(start[index], gradients, decay), 5);
      });
    }
  });

  it('leaves clones, the initial tensor and parameters without a gradient as they are', async () => {
    const initial = tf.tensor1d([1, 2, 3]);
    const parameters = { a: tf.variable(initial), b: tf.variable(initial) };
    const snapshot = tf.clone(parameters.a);
    const optimiser = adamW();
    const state = optimiser.init(parameters);
    const before = exportAdamWState(state);
    optimiser.update(parameters, { a: tf.tensor1d([1, -1, 1]) }, state, 0.1);
    optimiser.update(parameters, { a: tf.tensor1d([1, -1, 1]) }, state, 0.1);
    expect([...(await snapshot.data())]).toEqual([1, 2, 3]);
    expect([...(await initial.data())]).toEqual([1, 2, 3]);
    expect([...(await parameters.b.data())]).toEqual([1, 2, 3]);
    expect([...(await before['firstMoment.a'].data())]).toEqual([0, 0, 0]);
    expect((await parameters.a.data())[0]).toBeLessThan(0.9);
  });

  it('keeps no memory from step to step', () => {
    const parameters = { a: tf.variable(tf.zeros([64, 3])) };
    const gradients = { a: tf.ones([64, 3]) };
    const optimiser = adamW();
    const state = optimiser.init(parameters);
    optimiser.update(parameters, gradients, state, 0.1);
    const { numTensors, numDataBuffers } = tf.memory();
    for (let step = 0; step < 3; step++) optimiser.update(parameters, gradients, state, 0.1);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });

  it('goes on from an exported state exactly as without the break', async () => {
    const make = () => ({ a: tf.variable(tf.tensor1d(normals(SIZE, 1))) });
    const gradientAt = (step: number) => ({ a: tf.tensor1d(gradientOf(step)) });
    const optimiser = adamW();
    const whole = make();
    const wholeState = optimiser.init(whole);
    const broken = make();
    const firstState = optimiser.init(broken);
    for (let step = 0; step < 2; step++) {
      optimiser.update(whole, gradientAt(step), wholeState, 0.01);
      optimiser.update(broken, gradientAt(step), firstState, 0.01);
    }
    const secondState = await importAdamWState(exportAdamWState(firstState));
    optimiser.update(whole, gradientAt(2), wholeState, 0.01);
    optimiser.update(broken, gradientAt(2), secondState, 0.01);
    expect(secondState.step).toBe(3);
    expect(await broken.a.data()).toEqual(await whole.a.data());
  });
});

describe('adamW', () => {
  beforeAll(useReference);

  it.each([
    [{ beta1: 1 }, 'beta1 must be in [0, 1), got 1'],
    [{ beta2: -0.1 }, 'beta2 must be in [0, 1), got -0.1'],
    [{ epsilon: 0 }, 'epsilon must be above 0, got 0'],
    [{ weightDecay: Number.NaN }, 'weightDecay must not be negative, got NaN'],
  ])('refuses %o', (options, message) => {
    expect(() => adamW(options)).toThrowError(
      expect.objectContaining({ code: 'OPERATION_INPUT', message: `adamW: ${message}` }),
    );
  });

  it('names a gradient that has no parameter or another shape, and changes nothing', async () => {
    const parameters = { a: tf.variable(tf.tensor1d([1, 2])) };
    const optimiser = adamW();
    const state = optimiser.init(parameters);
    const good = tf.ones([2]);
    expect(() => optimiser.update(parameters, { a: good, b: good }, state, 1)).toThrow(
      'adamW: gradient "b" has no parameter',
    );
    expect(() => optimiser.update(parameters, { a: tf.ones([3]) }, state, 1)).toThrow(
      'adamW: gradient "a" is [3], its parameter [2]',
    );
    expect(state.step).toBe(0);
    expect([...(await parameters.a.data())]).toEqual([1, 2]);
  });

  it('refuses a state without its step or with a foreign tensor', async () => {
    await expect(importAdamWState({})).rejects.toThrow('AdamW state: tensor "step" is missing');
    await expect(importAdamWState({ step: tf.scalar(1, 'int32'), weight: tf.ones([1]) })).rejects.toThrow(
      'tensor "weight" is none of',
    );
  });
});
