import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { selectBackend } from '../backend/index.js';
import { profileKernels } from '../profile/profile-kernels.js';
import { findSetups } from '../setup/setup-folder.js';
import { releasingGradients } from '../tfjs/releasing-gradients.js';
import { canCompile, compiledComputation, compiledOperation } from './index.js';

const tensor = (values: readonly number[]): tf.Tensor1D => tf.tensor1d([...values]);

// Runs where `midtrain setup tensorflow` was run.
describe.skipIf(findSetups().length === 0)('compiled computations on tensorflow', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});

  beforeAll(async () => {
    await selectBackend({ backend: 'tensorflow' });
    expect(canCompile()).toBe(true);
  });

  afterEach(() => warn.mockClear());

  it('compute the same as a graph, with new values each time', () => {
    const square = compiledComputation('a square');
    const before = tf.memory().numTensors;
    for (let i = 1; i <= 4; i++) {
      const x = tensor([i, -2]);
      const outputs = square.run([x], '', () => [tf.square(x), tf.mul(x, 3), x]);
      expect(outputs.map((y) => [...y.dataSync()])).toEqual([
        [i * i, 4],
        [3 * i, -6],
        [i, -2],
      ]);
      tf.dispose([x, ...outputs]);
    }
    expect(square.calls).toEqual({ graph: 4, byOperation: 0 });
    expect(tf.memory().numTensors).toBe(before);
    square.dispose();
  });

  it('are seen by a profile, by their titles', () => {
    const squares = compiledComputation('squares');
    const x = tf.ones([2]);
    const run = () => tf.dispose([...squares.run([x], '', () => [tf.square(x)])]);
    run();
    run();
    const profile = profileKernels();
    run();
    profile.stop();
    run();
    expect(profile.events.map(({ name }) => name)).toEqual(['graph: squares']);
    squares.dispose();
    x.dispose();
  });

  it('are recorded twice, and once when three combinations gave the same graph both times', () => {
    const squares = compiledComputation('squares');
    let computed = 0;
    for (let call = 0; call < 4; call++) {
      for (let size = 1; size <= 5; size++) {
        const x = tf.fill([size], call);
        const [y] = squares.run([x], '', () => {
          computed++;
          return [tf.square(x)];
        });
        expect([...y.dataSync()]).toEqual(new Array(size).fill(call * call));
        tf.dispose([x, y]);
      }
    }
    // Five sizes come up before any of them comes up again.
    const late = compiledComputation('late squares');
    const lateCalls: number[] = [];
    for (let size = 1; size <= 5; size++) {
      let calls = 0;
      for (let call = 0; call < 3; call++) {
        const x = tf.ones([size]);
        tf.dispose([
          x,
          ...late.run([x], '', () => {
            calls++;
            return [tf.square(x)];
          }),
        ]);
      }
      lateCalls.push(calls);
    }
    expect(computed).toBe(10);
    expect(lateCalls).toEqual([2, 2, 2, 1, 1]);
    squares.dispose();
    late.dispose();
  });

  it('keep a graph for each combination of shapes and for each key', () => {
    const twice = compiledComputation('twice');
    for (let i = 0; i < 3; i++) {
      for (const [length, factor] of [
        [1, 2],
        [2, 2],
        [2, 5],
      ]) {
        const x = tf.ones([length]);
        const [y] = twice.run([x], String(factor), () => [tf.mul(x, factor)]);
        expect([...y.dataSync()]).toEqual(Array.from({ length }, () => factor));
        tf.dispose([x, y]);
      }
    }
    expect(twice.calls).toEqual({ graph: 9, byOperation: 0 });
    expect(warn).not.toHaveBeenCalled();
  });

  it.each<[string, (call: number, x: tf.Tensor1D, outside: tf.Tensor1D) => tf.Tensor, string]>([
    ['changes by itself', (call, x) => tf.mul(x, call), 'changes from call to call'],
    ['reads what is not an input', (_, x, outside) => tf.add(x, outside), 'not among its inputs'],
    ['reads values', (_, x) => tf.mul(x, x.dataSync()[0]), 'reads the values of a tensor'],
  ])('go on by operation when one %s, and say so once', (_, compute, why) => {
    const odd = compiledComputation('something odd');
    for (let call = 1; call <= 4; call++) {
      const [x, outside] = [tensor([call]), tensor([10 * call])];
      const expected = compute(call, x, outside).dataSync()[0];
      expect(odd.run([x], '', () => [compute(call, x, outside)])[0].dataSync()[0]).toBe(expected);
    }
    expect(odd.calls.byOperation).toBeGreaterThanOrEqual(3);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining(why),
      expect.objectContaining({ code: 'MIDTRAIN_NOT_COMPILED' }),
    );
  });

  it.each([false, true])(
    'have the gradients of tfjs in the middle of others, computed anew: %s',
    (recompute) => {
      // Two layers of one kind, whose graphs are the same, and one that reads nothing of its last variable.
      const layers = [1, 2].map((seed) => ({
        w: tf.variable(tf.randomUniform([3, 3], -1, 1, 'float32', seed)),
        b: tf.variable(tf.ones([3])),
        unused: tf.variable(tf.ones([1])),
      }));
      const variables = layers.flatMap(({ w, b }) => [w, b]);
      const layer = compiledOperation('a layer');
      const before = tf.memory().numTensors;
      for (let call = 1; call <= 3; call++) {
        const [x, scale] = [tf.tensor2d([call, 1, 2, -call, 3, 0], [2, 3]), tf.scalar(call)];
        const run = (compiled: boolean) =>
          releasingGradients(() => {
            const y = layers.reduce<tf.Tensor>((at, { w, b, unused }) => {
              const compute = () =>
                tf.tanh(tf.add(tf.matMul(tf.mul(at, scale), w as unknown as tf.Tensor2D), b));
              if (!compiled) return compute();
              const inputs = [scale];
              return layer.run({
                variables: [at, w, b, unused],
                inputs,
                key: '',
                compute,
                recompute,
              }) as tf.Tensor;
            }, x);
            return tf.sum(tf.square(y)) as tf.Scalar;
          }, variables);
        const [found, expected] = [run(true), run(false)];
        expect(found.value.dataSync()[0]).toBeCloseTo(expected.value.dataSync()[0], 5);
        found.gradients.forEach((gradient, i) => {
          const difference = tf.tidy(() =>
            tf.max(tf.abs(tf.sub(gradient!, expected.gradients[i]!))).dataSync(),
          );
          expect(difference[0]).toBeLessThan(1e-5);
        });
        for (const { value, gradients } of [found, expected]) tf.dispose([value, gradients as tf.Tensor[]]);
        tf.dispose([x, scale]);
      }
      expect(layer.calls).toEqual({ graph: 6, byOperation: 0 });
      expect(warn).not.toHaveBeenCalled();
      layer.dispose();
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose(layers);
    },
  );

  it('multiply in bfloat16 where that is asked for, and keep the rest float32', () => {
    const layer = compiledOperation('a rounded layer', 'bfloat16');
    const gradientsOf = (x: tf.Tensor2D, w: tf.Tensor2D, rounded: boolean) => {
      const compute = () => tf.matMul(x, w);
      const product = () =>
        rounded ? (layer.run({ variables: [x, w], inputs: [], key: '', compute }) as tf.Tensor) : compute();
      const { value, gradients } = releasingGradients(() => tf.sum(tf.square(product())), [x, w]);
      return [value, ...gradients].map((found) => [...(found as tf.Tensor).dataSync()]);
    };
    // Whole numbers that bfloat16 has are multiplied without an error.
    const whole = (shape: [number, number]) =>
      tf.range(-3, -3 + shape[0] * shape[1]).reshape(shape) as tf.Tensor2D;
    const [a, b] = [whole([2, 3]), whole([3, 2])];
    expect(gradientsOf(a, b, true)).toEqual(gradientsOf(a, b, false));
    // Others within its 8 bits, and not without an error.
    const [x, w] = [
      tf.randomNormal<tf.Rank.R2>([64, 96], 0, 1, 'float32', 1),
      tf.randomNormal<tf.Rank.R2>([96, 32], 0, 1, 'float32', 2),
    ];
    const [found, expected] = [gradientsOf(x, w, true), gradientsOf(x, w, false)];
    found.forEach((values, i) => {
      const norm = (numbers: readonly number[]) => Math.hypot(...numbers);
      const error = norm(values.map((value, at) => value - expected[i][at])) / norm(expected[i]);
      expect(error).toBeLessThan(2 ** -7);
      expect(error).toBeGreaterThan(1e-5);
    });
    expect(warn).not.toHaveBeenCalled();
    layer.dispose();
  });
});
