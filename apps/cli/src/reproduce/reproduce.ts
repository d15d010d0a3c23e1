import { relative } from 'node:path';
import { writeFileAtomic, writeJsonFile } from '@midtrain/core';
import type { SelectedBackend } from '@midtrain/kernels';
import { openComparison, type ReproduceRequest } from './open-comparison.js';
import { collectResults } from './results/collect-results.js';
import type { Results } from './results/results.js';
import { inThisProcess } from './run/do-run.js';
import { inWorkers, type WorkerPool } from './run/in-workers.js';
import { runPlan } from './run/run-plan.js';

/** The words of the command that goes on with a comparison. */
function commandOf(request: ReproduceRequest, { name }: SelectedBackend, shown = request.folder): string[] {
  const { study, quick, seeds, searchBases } = request;
  const given = (flag: string, value: number | undefined) =>
    value === undefined ? [] : [flag, String(value)];
  return [
    'reproduce',
    study.name,
    ...(quick ? ['--quick'] : []),
    ...given('--seeds', seeds),
    ...given('--search-bases', searchBases),
    '--backend',
    name,
    '--output',
    shown,
  ];
}

/**
 * The paper's comparison on one corpus: plans all runs, does those that are not done, and writes `results.json` and the
 * page. Called again it goes on where it stopped.
 *
 * @param workers how many processes share the runs out; default none, all in this one
 */
export async function reproduce(
  request: ReproduceRequest,
  backend: SelectedBackend,
  workers?: WorkerPool,
): Promise<Results> {
  const comparison = await openComparison(request, backend);
  const { folder, fixed, seeds, runs } = comparison;
  await writeJsonFile(folder.plan, { ...fixed, seeds, runs });
  await runPlan({
    ...comparison,
    performer: workers ? inWorkers(commandOf(request, backend), workers) : inThisProcess(comparison),
    goOn: ['midtrain', ...commandOf(request, backend, relative(process.cwd(), folder.root) || '.')].join(' '),
  });
  const results = await collectResults({
    ...comparison,
    info: request.study,
    quick: request.quick,
    defaults: fixed.defaults,
  });
  await writeJsonFile(folder.results, results);
  // The chart library is large, and only needed here.
  const { reproducePage } = await import('./page/page.js');
  const { standaloneFigures } = await import('./page/standalone-figures.js');
  await writeFileAtomic(folder.report, reproducePage(results));
  for (const [name, svg] of standaloneFigures(results)) await writeFileAtomic(folder.figure(name), svg);
  return results;
}
