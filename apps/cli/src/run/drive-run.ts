import { join, relative } from 'node:path';
import { readTrainingState, type TrainingState, truncateJsonLines, writeTrainingState } from '@midtrain/core';
import { InterruptedError, RunFolderError } from '../cli-error.js';
import { showProgress } from '../progress/progress.js';
import { openLineLog } from './line-log.js';
import { listenForStop } from './stop-signal.js';
import { type StepTrace, traceSteps } from './trace-steps.js';

/** A step's report, of any kind of training. */
export interface RunReport {
  readonly metrics: { readonly step: number; readonly seconds: number };
  state(): Promise<TrainingState>;
}

export interface DriveRunOptions<Report extends RunReport> {
  readonly folder: string;
  readonly command: 'train' | 'pretrain' | 'post-train';
  readonly totalSteps: number;
  readonly checkpoint: { readonly every: number; readonly keep: number };
  /** Starts the steps, from a checkpoint where there is one. */
  readonly start: (resume: TrainingState | undefined, onPart: StepTrace['onPart']) => AsyncIterable<Report>;
  /** Where a trace of the first steps goes. */
  readonly profile?: string;
  /** A few figures of a step for the progress line. */
  readonly figures: (report: Report) => string;
  /** What of a step goes into `rollouts.jsonl`. */
  readonly samples?: (report: Report) => readonly object[];
}

const METRICS = 'metrics.jsonl';
const ROLLOUTS = 'rollouts.jsonl';

/** Brings a run's folder back to its newest checkpoint, or to its start. */
async function rewind(folder: string): Promise<TrainingState | undefined> {
  const checkpoint = await readTrainingState(folder);
  const step = checkpoint?.progress.step ?? 0;
  const before = (line: unknown) => (line as { readonly step: number }).step < step;
  const kept = await truncateJsonLines(join(folder, METRICS), before);
  await truncateJsonLines(join(folder, ROLLOUTS), before);
  if (kept !== step) {
    throw new RunFolderError(
      `${join(folder, METRICS)}: has ${kept} steps before the checkpoint, expected ${step}; resume from a whole copy of the run`,
    );
  }
  return checkpoint;
}

/**
 * Runs the steps of a run from its newest checkpoint on: a line of metrics each, samples, checkpoints when due and
 * after the last, progress on stderr. What is written up to a kill at any moment is enough to go on as if nothing had
 * happened.
 *
 * @throws InterruptedError after Ctrl-C or SIGTERM, once the step is done and checkpointed
 */
export async function driveRun<Report extends RunReport>(options: DriveRunOptions<Report>): Promise<void> {
  const { folder, command, totalSteps, checkpoint } = options;
  const shown = relative(process.cwd(), folder) || '.';
  const resume = await rewind(folder);
  const from = resume?.progress.step ?? 0;
  const metrics = await openLineLog(join(folder, METRICS));
  const { samples } = options;
  const rollouts = samples && (await openLineLog(join(folder, ROLLOUTS)));
  const progress = showProgress({ label: command, total: totalSteps, from });
  const stop = listenForStop(() => progress.say('stopping after this step; Ctrl-C again quits at once'));
  const trace = traceSteps(options.profile);
  let done = from;
  let safe = from;
  try {
    if (from > 0) progress.say(`going on after step ${from} of ${totalSteps}`);
    for await (const report of options.start(resume, trace.onPart)) {
      await trace.stepDone(report.metrics.step);
      await metrics.append(report.metrics);
      await rollouts?.append(...(samples?.(report) ?? []));
      done = report.metrics.step + 1;
      progress.update(done, options.figures(report));
      if (done % checkpoint.every === 0 || done === totalSteps || stop.requested) {
        const state = await report.state();
        // Lines first: a checkpoint promises that the steps before it are on record.
        await metrics.sync();
        await rollouts?.sync();
        await writeTrainingState(folder, state, { keep: checkpoint.keep });
        safe = done;
      }
      if (stop.requested && done < totalSteps) break;
    }
  } finally {
    await trace.finish();
    progress.stop();
    stop.release();
    await metrics.close();
    await rollouts?.close();
  }
  if (done < totalSteps) {
    throw new InterruptedError(
      `stopped after step ${safe} of ${totalSteps}; go on with: midtrain ${command} --resume ${shown}`,
    );
  }
}
