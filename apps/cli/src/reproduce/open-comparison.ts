import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { thresholdTiers } from '@midtrain/curriculum';
import type { SelectedBackend } from '@midtrain/kernels';
import { parse } from 'yaml';
import { RunFolderError } from '../cli-error.js';
import { readConfig } from '../config/read-config.js';
import { trainConfig } from '../config/train-config.js';
import { rememberDocuments } from '../corpus/remember-documents.js';
import { readOptional } from '../run/read-optional.js';
import { type Method, methods as methodsOf } from './methods.js';
import { plan } from './plan.js';
import { type RmtDefaults, rmtDefaults } from './rmt-defaults.js';
import type { Execution } from './run/execution.js';
import { heldOutDocuments } from './run/held-out-positions.js';
import { type ReproduceFolder, reproduceFolder } from './run/reproduce-folder.js';
import { type Setting, settings as settingsOf } from './sensitivity.js';
import type { OpenStudy, Scale, Study, TrainedKind } from './study.js';

/** What was asked for. */
export interface ReproduceRequest {
  readonly study: Study;
  /** The whole path in minutes, to see that it works: too little to learn from. */
  readonly quick: boolean;
  /** Default those of a comparison that was begun, else the scale's. */
  readonly seeds?: number;
  /** Bases that learning rates are tried on. Default those of a comparison that was begun, else 1. */
  readonly searchBases?: number;
  /** Output folder; one that was begun goes on. */
  readonly folder: string;
  /** Instead of the study's own, for tests. */
  readonly scale?: Scale;
}

/** What decides a comparison besides its seeds; kept in its folder's `plan.json`. */
interface Fixed {
  readonly study: string;
  readonly quick: boolean;
  readonly scale: Scale;
  readonly steps: number;
  readonly searchBases: number;
  /** Other backends round otherwise. */
  readonly backend: string;
  readonly defaults: RmtDefaults;
  /** What corpus and cold start are made with, and the configurations as their files have them. */
  readonly made: object;
  readonly configs: Readonly<Record<TrainedKind, unknown>>;
  /** What each method and each setting changes. */
  readonly overrides: Readonly<Record<string, readonly string[]>>;
}

/** `plan.json`. */
interface SavedPlan extends Fixed {
  readonly seeds: readonly number[];
}

/** A comparison whose runs can be done. */
export interface OpenComparison extends Execution {
  readonly fixed: Fixed;
  readonly seeds: readonly number[];
  readonly methods: readonly Method[];
  readonly settings: readonly Setting[];
}

/** A study's configurations as their files have them; what is set besides are places, and what the scale and methods say. */
async function configsOf({ configs }: OpenStudy): Promise<Fixed['configs']> {
  const read = async (kind: TrainedKind) => parse(await readFile(configs[kind].file, 'utf8')) as unknown;
  const [base, nextToken, train, postTrain] = await Promise.all(
    (['base', 'next-token', 'train', 'post-train'] as const).map(read),
  );
  return { base, 'next-token': nextToken, train, 'post-train': postTrain };
}

/** Refuses a folder that holds another comparison; more seeds may be added to one. */
function requireSameComparison(
  folder: ReproduceFolder,
  known: Fixed,
  request: ReproduceRequest,
  { name }: SelectedBackend,
): void {
  const { study, quick, searchBases = known.searchBases } = request;
  const same = known.study === study.name && known.quick === quick && known.searchBases === searchBases;
  if (same && known.backend === name) return;
  const bases = known.searchBases === 1 ? '' : ` --search-bases ${known.searchBases}`;
  throw new RunFolderError(
    `${folder.root}: holds the comparison ${known.study}${known.quick ? ' --quick' : ''}${bases} --backend ${known.backend}; go on with that, or choose another folder with --output`,
  );
}

/** Refuses one that was begun with other settings, as another version has them: its runs would not be alike. */
function requireSameSetting(folder: ReproduceFolder, known: Fixed, wanted: Fixed): void {
  // Through JSON, as what was written before has been.
  const { study: _, quick: __, ...now } = JSON.parse(JSON.stringify(wanted)) as Fixed;
  if (Object.entries(now).every(([part, value]) => isDeepStrictEqual(known[part as keyof Fixed], value)))
    return;
  throw new RunFolderError(
    `${folder.root}: was begun by a version of midtrain that compares with other settings; choose another folder with --output`,
  );
}

/**
 * Opens a comparison: its corpus, what it compares, and the plan of its runs.
 *
 * @throws RunFolderError where the folder holds another one
 */
export async function openComparison(
  request: ReproduceRequest,
  backend: SelectedBackend,
): Promise<OpenComparison> {
  const { study: info, quick } = request;
  const scale = request.scale ?? info.scales[quick ? 'quick' : 'full'];
  const folder = reproduceFolder(request.folder);
  const known = await readOptional<SavedPlan>(folder.plan, JSON.parse);
  if (known) requireSameComparison(folder, known, request, backend);
  const searchBases = request.searchBases ?? known?.searchBases ?? 1;
  const study = await info.open(folder.study);
  const { file, overrides } = study.configs.train;
  const place = { output: folder.root, model: join(folder.root, 'runs') };
  const rmt = await readConfig(file, trainConfig, [
    ...overrides,
    ...scale.overrides.train,
    ...Object.entries(place).map(([field, value]) => `${field}=${JSON.stringify(value)}`),
  ]);
  const defaults = rmtDefaults(rmt, file);
  const methods = methodsOf(defaults, scale.minimumBudgets);
  const settings = settingsOf(defaults, scale.sensitivity.bothSides);
  const fixed: Fixed = {
    study: info.name,
    quick,
    scale,
    steps: rmt.steps,
    searchBases,
    backend: backend.name,
    defaults,
    made: study.made,
    configs: await configsOf(study),
    overrides: Object.fromEntries([...methods, ...settings].map(({ id, overrides }) => [id, overrides])),
  };
  if (known) requireSameSetting(folder, known, fixed);
  const seeds = Array.from(
    { length: request.seeds ?? known?.seeds.length ?? scale.seeds },
    (_, seed) => seed,
  );
  return {
    fixed,
    seeds,
    methods,
    settings,
    study,
    scale,
    folder,
    runs: plan({ methods, settings, scale, seeds, searchBases }),
    rmt,
    tiers: thresholdTiers({ thresholds: defaults.thresholds }),
    maxThoughtTokens: Math.floor(rmt.rollout.thoughtLimit * defaults.initialTokens),
    documents: heldOutDocuments(study, scale),
    load: rememberDocuments(),
    backend,
  };
}
