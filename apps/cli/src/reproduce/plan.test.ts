import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../config/read-config.js';
import { trainConfig } from '../config/train-config.js';
import { methods } from './methods.js';
import { type PlannedRun, plan } from './plan.js';
import { rmtDefaults } from './rmt-defaults.js';
import { settings } from './sensitivity.js';
import { STUDIES } from './studies.js';
import type { Scale } from './study.js';

const file = fileURLToPath(new URL('../../assets/quickstart/rmt.yaml', import.meta.url));
const rmt = await readConfig(file, trainConfig);
const defaults = rmtDefaults(rmt, file);

const scales = Object.values(STUDIES).flatMap(({ name, scales: { full, quick } }) => [
  [`${name}, full`, full] as const,
  [`${name}, quick`, quick] as const,
]);

const planOf = (scale: Scale, count = scale.seeds): PlannedRun[] =>
  plan({
    methods: methods(defaults, scale.minimumBudgets),
    settings: settings(defaults, scale.sensitivity.bothSides),
    scale,
    seeds: Array.from({ length: count }, (_, seed) => seed),
  });

describe.each(scales)('the plan of %s', (_, scale) => {
  test('has each run once, after all that it needs', () => {
    for (const count of [1, scale.seeds]) {
      const done = new Set<string>();
      for (const { id, after, from, base, sameComputeAs } of planOf(scale, count)) {
        expect(done).not.toContain(id);
        for (const needed of [...after, from, sameComputeAs]) if (needed) expect(done).toContain(needed);
        done.add(id);
        expect(done).toContain(base);
      }
    }
  });

  test('trains every method on every seed for as many steps from the same bases', () => {
    const runs = planOf(scale);
    const compared = runs.filter(({ part }) => part === 'comparison');
    for (const { id, kind } of methods(defaults, scale.minimumBudgets)) {
      const own = compared.filter(({ method }) => method === id);
      if (kind !== 'none')
        expect(own.map(({ from }) => from)).toEqual(runs.slice(0, scale.seeds).map((b) => b.id));
    }
    for (const { overrides } of compared) expect(overrides.join(' ')).not.toMatch(/steps|batch|documents/);
  });

  test('searches the same rates for every method on validation, and compares on test alone', () => {
    const runs = planOf(scale);
    const searched = runs.filter(({ part }) => part === 'learning rates');
    for (const { method } of searched) {
      const own = searched.filter((run) => run.method === method);
      expect(own.map(({ learningRate }) => learningRate)).toEqual(
        scale.learningRates.map((peak) => ({ peak })),
      );
    }
    for (const { evaluate } of searched) expect(evaluate).toEqual(['validation']);
    for (const { part, evaluate } of runs)
      if (part === 'comparison' || part === 'sensitivity') expect(evaluate).toEqual(['test']);
  });

  test('has only configurations that are valid, each different from all others', async () => {
    const seen = new Map<string, string>();
    const varied = [
      ...methods(defaults, scale.minimumBudgets).filter(({ kind }) => kind === 'train'),
      ...settings(defaults, true),
    ];
    for (const { id, overrides } of varied) {
      const config = JSON.stringify(await readConfig(file, trainConfig, overrides));
      expect(seen.get(config), id).toBeUndefined();
      seen.set(config, id);
    }
  });
});

test('a full plan takes at most four hours by its own estimate, a quick one twelve minutes', () => {
  for (const { scales: both } of Object.values(STUDIES)) {
    const estimate = (scale: Scale) => planOf(scale).reduce((sum, { seconds }) => sum + seconds, 0) / 60;
    expect(estimate(both.full)).toBeLessThanOrEqual(240);
    expect(estimate(both.quick)).toBeLessThanOrEqual(12);
  }
});
