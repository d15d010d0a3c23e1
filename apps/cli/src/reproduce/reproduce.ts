import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeFileAtomic, writeJsonFile } from '@midtrain/core';
import { thresholdTiers } from '@midtrain/curriculum';
import type { SelectedBackend } from '@midtrain/kernels';
import { RunFolderError } from '../cli-error.js';
import { readConfig } from '../config/read-config.js';
import { trainConfig } from '../config/train-config.js';
import { rememberDocuments } from '../corpus/remember-documents.js';
import { readOptional } from '../run/read-optional.js';
import { methods as methodsOf } from './methods.js';
import { plan } from './plan.js';
import { collectResults } from './results/collect-results.js';
import type { Results } from './results/results.js';
import { type RmtDefaults, rmtDefaults } from './rmt-defaults.js';
import type { Execution } from './run/execution.js';
import { heldOutDocuments } from './run/held-out-positions.js';
import { type ReproduceFolder, reproduceFolder } from './run/reproduce-folder.js';
import { runPlan } from './run/run-plan.js';
import { settings as settingsOf } from './sensitivity.js';
import type { Scale, Study } from './study.js';

/** What was asked for. */
export interface ReproduceRequest {
  readonly study: Study;
  /** The whole path in minutes, to see that it works: too little to learn from. */
  readonly quick: boolean;
  /** Default the scale's. */
  readonly seeds?: number;
  /** Output folder; one that was begun goes on. */
  readonly folder: string;
  /** Instead of the study's own, for tests. */
  readonly scale?: Scale;
}

/** What decides a comparison besides its seeds. */
interface Setting {
  readonly study: string;
  readonly quick: boolean;
  readonly scale: Scale;
  readonly steps: number;
  readonly defaults: RmtDefaults;
}

const settingOf = (folder: ReproduceFolder): Promise<Setting | undefined> =>
  readOptional<Setting>(folder.plan, JSON.parse);

/** Refuses a folder that holds another comparison; more seeds may be added to one. */
function requireSameComparison(folder: ReproduceFolder, known: Setting, study: string, quick: boolean): void {
  if (known.study === study && known.quick === quick) return;
  throw new RunFolderError(
    `${folder.root}: holds the comparison ${known.study}${known.quick ? ' --quick' : ''}; go on with that, or choose another folder with --output`,
  );
}

/** Refuses one that was begun with other settings, as another version has them: its runs would not be alike. */
function requireSameSetting(folder: ReproduceFolder, known: Setting, wanted: Setting): void {
  const compared = ({ scale, steps, defaults }: Setting) => ({ scale, steps, defaults });
  // Through JSON, as what was written before has been.
  const now = compared(JSON.parse(JSON.stringify(wanted)) as Setting);
  if (isDeepStrictEqual(now, compared(known))) return;
  throw new RunFolderError(
    `${folder.root}: was begun by a version of midtrain that compares with other settings; choose another folder with --output`,
  );
}

/**
 * The paper's comparison on one corpus: plans all runs, does those that are not done, and writes `results.json` and the
 * page. Called again it goes on where it stopped.
 */
export async function reproduce(request: ReproduceRequest, backend: SelectedBackend): Promise<Results> {
  const { study: info, quick } = request;
  const scale = request.scale ?? info.scales[quick ? 'quick' : 'full'];
  const folder = reproduceFolder(request.folder);
  const known = await settingOf(folder);
  if (known) requireSameComparison(folder, known, info.name, quick);
  const study = await info.open(folder.study);
  const { file, overrides } = study.configs.train;
  const place = { output: folder.root, model: join(folder.root, 'runs') };
  const rmt = await readConfig(file, trainConfig, [
    ...overrides,
    ...scale.overrides.train,
    ...Object.entries(place).map(([field, value]) => `${field}=${JSON.stringify(value)}`),
  ]);
  const defaults = rmtDefaults(rmt, file);
  const setting: Setting = { study: info.name, quick, scale, steps: rmt.steps, defaults };
  if (known) requireSameSetting(folder, known, setting);
  const methods = methodsOf(defaults, scale.minimumBudgets);
  const settings = settingsOf(defaults, scale.sensitivity.bothSides);
  const seeds = Array.from({ length: request.seeds ?? scale.seeds }, (_, seed) => seed);
  const runs = plan({ methods, settings, scale, seeds });
  await writeJsonFile(folder.plan, { ...setting, seeds, runs });
  const execution: Execution = {
    study,
    scale,
    folder,
    runs,
    rmt,
    tiers: thresholdTiers({ thresholds: defaults.thresholds }),
    maxThoughtTokens: Math.floor(rmt.rollout.thoughtLimit * defaults.initialTokens),
    documents: heldOutDocuments(study, scale),
    load: rememberDocuments(),
    backend,
  };
  const shown = relative(process.cwd(), folder.root) || '.';
  const more = request.seeds === undefined ? '' : ` --seeds ${request.seeds}`;
  const goOn = `midtrain reproduce ${info.name}${quick ? ' --quick' : ''}${more} --output ${shown}`;
  await runPlan({ ...execution, goOn });
  const results = await collectResults({ ...execution, info, quick, seeds, methods, settings, defaults });
  await writeJsonFile(folder.results, results);
  // The chart library is large, and only needed here.
  const { reproducePage } = await import('./page/page.js');
  const { standaloneFigures } = await import('./page/standalone-figures.js');
  await writeFileAtomic(folder.report, reproducePage(results));
  for (const [name, svg] of standaloneFigures(results)) await writeFileAtomic(folder.figure(name), svg);
  return results;
}
