import { BASE, type Method, NEXT_TOKEN, NEXT_TOKEN_COMPUTE, RMT, RPT } from './methods.js';
import type { Setting } from './sensitivity.js';
import type { Scale, Split, TrainedKind } from './study.js';

/** The parts of the plan, as the page tells of them. */
export type Part = 'bases' | 'learning rates' | 'comparison' | 'sensitivity' | 'post-training';

/** One run of the plan: data alone, so that what will be done can be read before it is. */
export interface PlannedRun {
  /** Also its folder within `runs/`. */
  readonly id: string;
  readonly part: Part;
  readonly kind: TrainedKind;
  /** Method or setting. */
  readonly method: string;
  readonly seed: number;
  readonly overrides: readonly string[];
  /** Run whose model it goes on from. */
  readonly from?: string;
  /** The base whose entropies fix its tiers. */
  readonly base: string;
  /** Peak learning rate: given, or the one that a method's search chose. Absent: the configuration's. */
  readonly learningRate?: { readonly peak: number } | { readonly chosenFor: string };
  /**
   * Trained for as many floating-point operations as that of these runs of RMT whose rate was chosen, a step costing what
   * it did in the other.
   */
  readonly sameComputeAs?: { readonly rmt: readonly string[]; readonly nextToken: string };
  /** A run of the same method at its own rate: where both rates are one, there is nothing to run. */
  readonly sameAs?: { readonly run: string; readonly rateOf: string };
  /** Runs that have to be done before it. */
  readonly after: readonly string[];
  /** Held-out positions that its model is asked about. */
  readonly evaluate: readonly Split[];
  /** Estimate, on a quiet core: a second one brings a model this small little. */
  readonly seconds: number;
}

export interface PlanOptions {
  readonly methods: readonly Method[];
  readonly settings: readonly Setting[];
  readonly scale: Scale;
  readonly seeds: readonly number[];
  /** Bases that learning rates are tried on, none of which is compared. */
  readonly searchBases: number;
}

/** Methods whose results are post-trained: the paper's second table, and its baseline at equal cost. */
const POST_TRAINED = [BASE, NEXT_TOKEN_COMPUTE, RPT, RMT];

const baseRun = (seed: number): string => `base/seed-${seed}`;
export const methodRun = (method: string, seed: number): string =>
  method === BASE ? baseRun(seed) : `${method}/seed-${seed}`;
const searchRun = (method: string, rate: number, seed: number): string =>
  `search/${method}/rate-${rate}/seed-${seed}`;
export const settingRun = (setting: string, seed: number): string => `sensitivity/${setting}/seed-${seed}`;
export const postTrainedRun = (method: string, seed: number): string => `post-trained/${method}/seed-${seed}`;

/** Learning rates are searched on bases of their own, so that no run that was picked is among those compared. */
const FIRST_SEARCH_SEED = 1000;
export const searchBase = (seed: number): string => `search/base/seed-${seed}`;

/** Seeds of the bases that rates are searched on. */
export const searchSeeds = (searchBases: number): number[] =>
  Array.from({ length: searchBases }, (_, i) => FIRST_SEARCH_SEED + i);

/** All runs, each after those that it needs. */
export function plan({ methods, settings, scale, seeds, searchBases }: PlanOptions): PlannedRun[] {
  const base = (id: string, seed: number, split: Split): PlannedRun => ({
    id,
    part: 'bases',
    kind: 'base',
    method: BASE,
    seed,
    overrides: [],
    base: id,
    after: [],
    evaluate: [split],
    seconds: scale.seconds.base,
  });
  const searchedOn = searchSeeds(searchBases);
  const bases = [
    ...searchedOn.map((seed) => base(searchBase(seed), seed, 'validation')),
    ...seeds.map((seed) => base(baseRun(seed), seed, 'test')),
  ];
  const searchOn = (method: string, seed: number): string[] =>
    scale.learningRates.map((rate) => searchRun(method, rate, seed));
  const search = (method: string): string[] => searchedOn.flatMap((seed) => searchOn(method, seed));
  const trained = (method: Method, seed: number, from: string) => ({
    kind: method.kind as TrainedKind,
    method: method.id,
    seed,
    overrides: method.overrides,
    from,
    base: from,
    seconds: scale.seconds[method.sameCompute ? 'train' : (method.kind as TrainedKind)],
  });
  const searches = (method: Method): PlannedRun[] =>
    searchedOn.flatMap((seed) =>
      scale.learningRates.map((peak) => ({
        ...trained(method, seed, searchBase(seed)),
        id: searchRun(method.id, peak, seed),
        part: 'learning rates',
        learningRate: { peak },
        sameComputeAs: method.sameCompute
          ? { rmt: searchOn(RMT, seed), nextToken: searchOn(NEXT_TOKEN, seed)[0] }
          : undefined,
        after: [searchBase(seed), ...(method.sameCompute ? [...search(RMT), ...search(NEXT_TOKEN)] : [])],
        evaluate: ['validation'],
      })),
    );
  const compared = (method: Method, seed: number): PlannedRun => {
    const rateOf = method.rateOf ?? method.id;
    const { twinOf } = method;
    const measured = method.sameCompute
      ? { rmt: [methodRun(RMT, seed)], nextToken: methodRun(NEXT_TOKEN, seed) }
      : undefined;
    return {
      ...trained(method, seed, baseRun(seed)),
      id: methodRun(method.id, seed),
      part: 'comparison',
      learningRate: { chosenFor: rateOf },
      sameComputeAs: measured,
      sameAs: twinOf === undefined ? undefined : { run: methodRun(twinOf, seed), rateOf: twinOf },
      after: [
        baseRun(seed),
        ...search(rateOf),
        ...(measured ? [...measured.rmt, measured.nextToken] : []),
        ...(twinOf === undefined ? [] : [methodRun(twinOf, seed), ...search(twinOf)]),
      ],
      evaluate: ['test'],
    };
  };
  // What others are measured by comes first: RMT, and next-token training beside it.
  const first = [RMT, NEXT_TOKEN];
  const ordered = methods
    .filter(({ kind }) => kind !== 'none')
    .sort((a, b) => Number(first.includes(b.id)) - Number(first.includes(a.id)));
  const comparison = ordered.flatMap((method) => [
    ...(method.rateOf === undefined ? searches(method) : []),
    ...seeds.map((seed) => compared(method, seed)),
  ]);
  const rmt = methods.find(({ id }) => id === RMT) as Method;
  const varied = settings.flatMap((setting) =>
    seeds.slice(0, scale.sensitivity.seeds).map(
      (seed): PlannedRun => ({
        ...trained(rmt, seed, baseRun(seed)),
        id: settingRun(setting.id, seed),
        part: 'sensitivity',
        method: setting.id,
        overrides: setting.overrides,
        learningRate: { chosenFor: RMT },
        after: [baseRun(seed), ...search(RMT)],
        evaluate: ['test'],
      }),
    ),
  );
  const postTrained = POST_TRAINED.filter((id) => methods.some((method) => method.id === id)).flatMap(
    (method) =>
      seeds.map(
        (seed): PlannedRun => ({
          id: postTrainedRun(method, seed),
          part: 'post-training',
          kind: 'post-train',
          method,
          seed,
          overrides: [],
          from: methodRun(method, seed),
          base: baseRun(seed),
          after: [methodRun(method, seed)],
          evaluate: [],
          seconds: scale.seconds['post-train'],
        }),
      ),
  );
  return [...bases, ...comparison, ...postTrained, ...varied];
}
