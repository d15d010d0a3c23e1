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
  /** `chosen` trains nothing: it is the run of a search that had the best rate, asked about the test split. */
  readonly kind: TrainedKind | 'chosen';
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
  /** Trained for as many floating-point operations as this run. */
  readonly sameComputeAs?: string;
  /** Runs that have to be done before it. */
  readonly after: readonly string[];
  /** Held-out positions that its model is asked about. */
  readonly evaluate: readonly Split[];
  /** Estimate, on two quiet cores. */
  readonly seconds: number;
}

export interface PlanOptions {
  readonly methods: readonly Method[];
  readonly settings: readonly Setting[];
  readonly scale: Scale;
  readonly seeds: readonly number[];
}

/** Methods whose results are post-trained: the paper's second table, and its baseline at equal cost. */
const POST_TRAINED = [BASE, NEXT_TOKEN_COMPUTE, RPT, RMT];

const baseRun = (seed: number): string => `base/seed-${seed}`;
export const methodRun = (method: string, seed: number): string =>
  method === BASE ? baseRun(seed) : `${method}/seed-${seed}`;
const searchRun = (method: string, rate: number, seed: number): string =>
  `${method}/rate-${rate}/seed-${seed}`;
export const settingRun = (setting: string, seed: number): string => `sensitivity/${setting}/seed-${seed}`;
export const postTrainedRun = (method: string, seed: number): string => `post-trained/${method}/seed-${seed}`;

/** Where the time of a question's evaluation alone goes, as a share of its run. */
const EVALUATION_SHARE = 0.1;

/** All runs, each after those that it needs. */
export function plan({ methods, settings, scale, seeds }: PlanOptions): PlannedRun[] {
  const [searchSeed] = seeds;
  const bases = seeds.map(
    (seed): PlannedRun => ({
      id: baseRun(seed),
      part: 'bases',
      kind: 'base',
      method: BASE,
      seed,
      overrides: [],
      base: baseRun(seed),
      after: [],
      evaluate: seed === searchSeed ? ['validation', 'test'] : ['test'],
      seconds: scale.seconds.base,
    }),
  );
  const trained = (method: Method, seed: number) => ({
    kind: method.kind as TrainedKind,
    method: method.id,
    seed,
    overrides: method.overrides,
    from: baseRun(seed),
    base: baseRun(seed),
    sameComputeAs: method.sameCompute ? methodRun(RMT, seed) : undefined,
    seconds: scale.seconds[method.sameCompute ? 'train' : (method.kind as TrainedKind)],
  });
  const needs = (method: Method, seed: number): string[] => [
    baseRun(seed),
    ...(method.sameCompute ? [methodRun(RMT, seed), methodRun(NEXT_TOKEN, seed)] : []),
  ];
  const searches = (method: Method): PlannedRun[] =>
    scale.learningRates.map((peak) => ({
      ...trained(method, searchSeed),
      id: searchRun(method.id, peak, searchSeed),
      part: 'learning rates',
      learningRate: { peak },
      after: needs(method, searchSeed),
      evaluate: ['validation'],
    }));
  const chosen = (method: Method): PlannedRun => ({
    ...trained(method, searchSeed),
    id: methodRun(method.id, searchSeed),
    part: 'comparison',
    kind: 'chosen',
    learningRate: { chosenFor: method.id },
    after: scale.learningRates.map((peak) => searchRun(method.id, peak, searchSeed)),
    evaluate: ['test'],
    seconds: EVALUATION_SHARE * scale.seconds[method.kind as TrainedKind],
  });
  const compared = (method: Method, seed: number): PlannedRun => {
    const rateOf = method.rateOf ?? method.id;
    return {
      ...trained(method, seed),
      id: methodRun(method.id, seed),
      part: 'comparison',
      learningRate: { chosenFor: rateOf },
      after: [...needs(method, seed), methodRun(rateOf, searchSeed)],
      evaluate: ['test'],
    };
  };
  // What others are measured by comes first: RMT, and next-token training beside it.
  const first = [RMT, NEXT_TOKEN];
  const ordered = methods
    .filter(({ kind }) => kind !== 'none')
    .sort((a, b) => Number(first.includes(b.id)) - Number(first.includes(a.id)));
  const comparison = ordered.flatMap((method) =>
    seeds.flatMap((seed): PlannedRun[] =>
      seed === searchSeed && method.rateOf === undefined
        ? [...searches(method), chosen(method)]
        : [compared(method, seed)],
    ),
  );
  const rmt = methods.find(({ id }) => id === RMT) as Method;
  const varied = settings.flatMap((setting) =>
    seeds.slice(0, scale.sensitivity.seeds).map(
      (seed): PlannedRun => ({
        ...trained(rmt, seed),
        id: settingRun(setting.id, seed),
        part: 'sensitivity',
        method: setting.id,
        overrides: setting.overrides,
        learningRate: { chosenFor: RMT },
        after: [baseRun(seed), methodRun(RMT, searchSeed)],
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
