import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InterruptedError } from '../../cli-error.js';
import { duration } from '../../progress/progress.js';
import { listenForStop } from '../../run/stop-signal.js';
import type { PlannedRun } from '../plan.js';
import { evaluatePlanned, isEvaluated } from './evaluate-planned.js';
import type { Execution } from './execution.js';
import { placeOf } from './place-of.js';
import { trainPlanned } from './train-planned.js';

export interface RunPlanOptions extends Execution {
  /** The command that goes on, for when it is stopped. */
  readonly goOn: string;
  /** Where progress is told. Default stderr. */
  readonly say?: (line: string) => void;
}

const isTrained = (folder: string): boolean => existsSync(join(folder, 'summary.json'));

/** Whether nothing of a run is left to be done. */
async function isDone(run: PlannedRun, { runs, folder }: Execution): Promise<boolean> {
  if (run.kind !== 'chosen') {
    const place = folder.run(run.id);
    return isTrained(place) && isEvaluated(run, place);
  }
  const searched = runs.filter(({ id }) => run.after.includes(id));
  const found = await Promise.all(searched.map((one) => isDone(one, { runs, folder } as Execution)));
  if (!found.every(Boolean)) return false;
  return isEvaluated(run, folder.run(await placeOf(run.id, runs, folder)));
}

async function execute(run: PlannedRun, execution: Execution): Promise<void> {
  const place = execution.folder.run(run.id);
  if (run.kind !== 'chosen' && !isTrained(place)) await trainPlanned(run, execution);
  await evaluatePlanned(run, execution);
  // A finished run goes on from nowhere; its optimiser's state is three times its model.
  await rm(join(place, 'checkpoints'), { recursive: true, force: true });
}

/** Time left, by how long the runs that were done took beside what was estimated for them. */
function timeLeft(runs: readonly PlannedRun[]) {
  let expected = 0;
  let taken = 0;
  const estimate = (some: readonly PlannedRun[]) => some.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    done(run: PlannedRun, seconds: number) {
      expected += run.seconds;
      taken += seconds;
    },
    after: (index: number) => estimate(runs.slice(index)) * (expected === 0 ? 1 : taken / expected),
    whole: estimate(runs),
  };
}

/**
 * Does all runs of a plan that are not done yet, in order; one that was stopped goes on from its checkpoint.
 *
 * @throws InterruptedError at Ctrl-C or SIGTERM, once what is under way is safe
 */
export async function runPlan(options: RunPlanOptions): Promise<void> {
  const { runs, goOn, say = (line) => process.stderr.write(`${line}\n`) } = options;
  const done = await Promise.all(runs.map((run) => isDone(run, options)));
  const open = runs.filter((_, i) => !done[i]);
  const clock = timeLeft(open);
  const found = runs.length - open.length;
  say(
    `${runs.length} runs${found > 0 ? `, ${found} of them done` : ''}; about ${duration(clock.whole)} on two quiet cores`,
  );
  const stop = listenForStop(() => say('stopping; Ctrl-C again quits at once'));
  const stopped = () => new InterruptedError(`stopped; what is done is kept; go on with: ${goOn}`);
  try {
    for (const [i, run] of open.entries()) {
      say(`[${found + i + 1}/${runs.length}] ${run.id} · ${duration(clock.after(i))} left`);
      const started = performance.now();
      try {
        await execute(run, options);
      } catch (error) {
        throw error instanceof InterruptedError ? stopped() : error;
      }
      clock.done(run, (performance.now() - started) / 1000);
      if (stop.requested && i + 1 < open.length) throw stopped();
    }
  } finally {
    stop.release();
  }
}
