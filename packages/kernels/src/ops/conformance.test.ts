import { describe, expect, it } from 'vitest';
import { ATTENTION_CASES, EMPTY_ATTENTION_CASES } from './conformance/attention-cases.js';
import { candidates, useReference } from './conformance/backends.js';
import { CASES, SMALL_CASES } from './conformance/cases.js';
import { type ConformanceCase, evaluate, probeLoss, type Values } from './conformance/evaluate.js';

const largest = (values: Float32Array | Int32Array): number =>
  (values as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function expectClose(actual: Values, expected: Values, tolerance: number, label: string): void {
  expect(actual.shape, label).toEqual(expected.shape);
  if (expected.values instanceof Int32Array) {
    expect([...actual.values], label).toEqual([...expected.values]);
    return;
  }
  const scale = Math.max(1, largest(expected.values));
  const difference = actual.values.map((value, index) => value - expected.values[index]);
  expect(actual.values.every(Number.isFinite), `${label} is finite`).toBe(true);
  expect(largest(difference) / scale, label).toBeLessThanOrEqual(tolerance);
}

const withChanged = (test: ConformanceCase, input: string, index: number, by: number): ConformanceCase => {
  const { shape, values } = test.inputs[input];
  const changed = values.slice();
  changed[index] += by;
  return { ...test, inputs: { ...test.inputs, [input]: { shape, values: changed } } };
};

describe.each(await candidates())('$name', ({ use }) => {
  it.each([...CASES, ...ATTENTION_CASES, ...EMPTY_ATTENTION_CASES])(
    '$name: forward and backward as the reference',
    async (test) => {
      await useReference();
      const expected = await evaluate(test);
      await use();
      const actual = await evaluate(test);
      expect(Object.keys(actual)).toEqual(Object.keys(expected));
      for (const [name, values] of Object.entries(expected)) {
        expectClose(actual[name], values, test.tolerance ?? 1e-5, name);
      }
    },
  );
});

/** What of a result is not a number. */
const missing = ({ values }: Values): number[] =>
  [...values].flatMap((value, index) => (Number.isNaN(value) ? [index] : []));

describe.each(await candidates())('$name, given what is not a number', ({ use }) => {
  // The first of each input is seen by whoever may see anything.
  it.each(
    ATTENTION_CASES.flatMap((test) =>
      (test.inputs.k ? ['q', 'k', 'v'] : ['q', 'ownKeys', 'ownValues']).map((input) => ({ test, input })),
    ),
  )('$test.name: says so of no less than the reference, for $input', async ({ test: sound, input }) => {
    const test = { ...withChanged(sound, input, 0, Number.NaN), differentiable: [] };
    await useReference();
    const expected = missing((await evaluate(test)).out);
    await use();
    expect(expected.length).toBeGreaterThan(0);
    // A weight of 0 times what is not a number is not a number either: some backends have more of those.
    const actual = new Set(missing((await evaluate(test)).out));
    expect(expected.filter((index) => !actual.has(index))).toEqual([]);
  });
});

describe('the reference', () => {
  it.each(SMALL_CASES)('$name: gradients as central finite differences', async (test) => {
    await useReference();
    const results = await evaluate(test);
    for (const input of test.differentiable) {
      const gradient = results[`d${input}`].values;
      const step = 1e-2;
      const scale = Math.max(1, largest(gradient));
      for (let index = 0; index < gradient.length; index++) {
        const above = await probeLoss(withChanged(test, input, index, step));
        const below = await probeLoss(withChanged(test, input, index, -step));
        const slope = (above - below) / (2 * step);
        expect(Math.abs(slope - gradient[index]) / scale, `d${input}[${index}]`).toBeLessThan(2e-3);
      }
    }
  });
});
