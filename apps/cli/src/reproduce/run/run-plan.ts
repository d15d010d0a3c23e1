import { InterruptedError } from '../../cli-error.js';
import { duration } from '../../progress/progress.js';
import { listenForStop } from '../../run/stop-signal.js';
import type { PlannedRun } from '../plan.js';
import { isDone } from './do-run.js';
import type { Performer } from './performer.js';
import type { ReproduceFolder } from './reproduce-folder.js';

export interface RunPlanOptions {
  readonly runs: readonly PlannedRun[];
  readonly folder: ReproduceFolder;
  readonly performer: Performer;
  /** The command that goes on, for when it is stopped. */
  readonly goOn: string;
  /** Where progress is told. Default stderr. */
  readonly say?: (line: string) => void;
}

/** Time left, by how long the runs that were done took beside what was estimated for them. */
function timeLeft(atOnce: number) {
  let expected = 0;
  let taken = 0;
  return {
    done(run: PlannedRun, seconds: number) {
      expected += run.seconds;
      taken += seconds;
    },
    of(runs: readonly PlannedRun[]): string {
      const estimate = runs.reduce((sum, { seconds }) => sum + seconds, 0);
      return duration((estimate * (expected === 0 ? 1 : taken / expected)) / atOnce);
    },
  };
}

/**
 * Does all runs of a plan that are not done yet, each when those that it needs are done, in the plan's order where there
 * is a choice; one that was stopped goes on from its checkpoint. The first failure stops the others.
 *
 * @throws InterruptedError at Ctrl-C or SIGTERM, once what is under way is safe
 */
export async function runPlan(options: RunPlanOptions): Promise<void> {
  const { runs, performer, goOn, say = (line) => process.stderr.write(`${line}\n`) } = options;
  const { atOnce } = performer;
  const waiting = runs.filter((run) => !isDone(run, options.folder));
  const missing = new Set(waiting.map(({ id }) => id));
  const underWay = new Map<PlannedRun, Promise<void>>();
  const clock = timeLeft(atOnce);
  const told = missing.size < runs.length ? `, ${runs.length - missing.size} of them done` : '';
  const together = atOnce === 1 ? '' : `, ${atOnce} at a time`;
  say(`${runs.length} runs${told}; about ${clock.of(waiting)} on quiet cores${together}`);

  let failure: unknown;
  const stop = listenForStop(() => {
    say('stopping; Ctrl-C again quits at once');
    performer.stop();
  });
  const start = async (run: PlannedRun) => {
    const begun = performance.now();
    const left = clock.of([...waiting, ...underWay.keys(), run]);
    say(`[${runs.length - missing.size + underWay.size + 1}/${runs.length}] ${run.id} · ${left} left`);
    try {
      await performer.perform(run);
      missing.delete(run.id);
      clock.done(run, (performance.now() - begun) / 1000);
    } catch (error) {
      failure ??= error;
      performer.stop();
    } finally {
      underWay.delete(run);
    }
  };
  const next = () => waiting.findIndex(({ after }) => !after.some((id) => missing.has(id)));
  try {
    for (;;) {
      while (underWay.size < atOnce && next() >= 0 && failure === undefined && !stop.requested) {
        const [run] = waiting.splice(next(), 1);
        underWay.set(run, start(run));
      }
      if (underWay.size === 0) break;
      await Promise.race(underWay.values());
    }
  } finally {
    stop.release();
    performer.close();
  }
  if (failure !== undefined && !(failure instanceof InterruptedError)) throw failure;
  if (missing.size > 0) throw new InterruptedError(`stopped; what is done is kept; go on with: ${goOn}`);
}
