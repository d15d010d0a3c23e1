import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.js';
import { readConfig } from '../config/read-config.js';
import { trainConfig } from '../config/train-config.js';
import { methods } from './methods.js';
import { type PlannedRun, plan, searchBase, searchSeeds } from './plan.js';
import { rmtDefaults } from './rmt-defaults.js';
import { settings } from './sensitivity.js';
import { STUDIES } from './studies.js';
import type { Scale } from './study.js';

const folder = await temporaryFolder();
const studies = await Promise.all(
  Object.values(STUDIES).map(async (study) => {
    const { file, overrides } = (await study.open(join(folder, study.name))).configs.train;
    const read = (more: readonly string[]) => readConfig(file, trainConfig, [...overrides, ...more]);
    return { study, read, defaults: rmtDefaults(await read([]), file) };
  }),
);
type Prepared = (typeof studies)[number];

const cases = studies.flatMap((prepared) =>
  (['full', 'quick'] as const).map(
    (size) => [`${prepared.study.name}, ${size}`, prepared, prepared.study.scales[size]] as const,
  ),
);

const planOf = ({ defaults }: Prepared, scale: Scale, count = scale.seeds, searchBases = 1): PlannedRun[] =>
  plan({
    methods: methods(defaults, scale.minimumBudgets),
    settings: settings(defaults, scale.sensitivity.bothSides),
    scale,
    seeds: Array.from({ length: count }, (_, seed) => seed),
    searchBases,
  });

describe.each(cases)('the plan of %s', (_, prepared, scale) => {
  const { defaults, read } = prepared;

  test('has each run once, after all that it needs', () => {
    for (const [count, searchBases] of [
      [1, 1],
      [scale.seeds, 1],
      [scale.seeds, 3],
    ]) {
      const done = new Set<string>();
      const runs = planOf(prepared, scale, count, searchBases);
      for (const { id, after, from, base, sameComputeAs } of runs) {
        expect(done).not.toContain(id);
        const measured = sameComputeAs ? [...sameComputeAs.rmt, sameComputeAs.nextToken] : [];
        for (const needed of measured) expect(after).toContain(needed);
        for (const needed of [...after, from]) if (needed) expect(done).toContain(needed);
        done.add(id);
        expect(done).toContain(base);
      }
    }
  });

  test('trains every method on every seed for as many steps from the same bases', () => {
    const runs = planOf(prepared, scale);
    const compared = runs.filter(({ part }) => part === 'comparison');
    for (const { id, kind } of methods(defaults, scale.minimumBudgets)) {
      const own = compared.filter(({ method }) => method === id);
      const bases = Array.from({ length: scale.seeds }, (_, seed) => `base/seed-${seed}`);
      if (kind !== 'none') expect(own.map(({ from }) => from)).toEqual(bases);
    }
    for (const { overrides } of compared) expect(overrides.join(' ')).not.toMatch(/steps|batch|documents/);
  });

  test.each([1, 3])(
    'searches the same rates for every method on %i bases and compares on others',
    (bases) => {
      const runs = planOf(prepared, scale, scale.seeds, bases);
      const own = searchSeeds(bases);
      const searched = runs.filter(({ part }) => part === 'learning rates');
      const methodsSearched = new Set(searched.map(({ method }) => method)).size;
      expect(searched).toHaveLength(methodsSearched * bases * scale.learningRates.length);
      for (const { method } of searched) {
        for (const seed of own) {
          const tried = searched.filter((run) => run.method === method && run.seed === seed);
          expect(tried.map(({ learningRate }) => learningRate)).toEqual(
            scale.learningRates.map((peak) => ({ peak })),
          );
        }
      }
      for (const { evaluate, from, seed } of searched)
        expect([evaluate, from]).toEqual([['validation'], searchBase(seed)]);
      for (const { part, evaluate } of runs)
        if (part === 'comparison' || part === 'sensitivity') expect(evaluate).toEqual(['test']);
      for (const { part, base } of runs)
        if (part === 'comparison' || part === 'sensitivity') expect(own.map(searchBase)).not.toContain(base);
    },
  );

  test('has least budgets that the schedule would fall below', () => {
    for (const tokens of scale.minimumBudgets)
      expect(tokens).toBeGreaterThan(Math.floor(defaults.initialTokens * defaults.decay));
  });

  test('has only configurations that are valid, each different from all others', async () => {
    const seen = new Map<string, string>();
    const varied = [
      ...methods(defaults, scale.minimumBudgets).filter(
        ({ kind, twinOf }) => kind === 'train' && twinOf === undefined,
      ),
      ...settings(defaults, true),
    ];
    for (const { id, overrides } of varied) {
      const config = JSON.stringify(await read(overrides));
      expect(seen.get(config), id).toBeUndefined();
      seen.set(config, id);
    }
  });
});

test('on two cores a full plan takes at most four hours by its own estimate, a quick one twelve minutes', () => {
  const atOnce = 2;
  for (const prepared of studies) {
    const minutes = (scale: Scale) =>
      planOf(prepared, scale).reduce((sum, { seconds }) => sum + seconds, 0) / 60 / atOnce;
    expect(minutes(prepared.study.scales.full)).toBeLessThanOrEqual(240);
    expect(minutes(prepared.study.scales.quick)).toBeLessThanOrEqual(12);
  }
});
