import { on } from 'node:events';
import type { SelectedBackend } from '@midtrain/kernels';
import { InterruptedError, UsageError } from '../../cli-error.js';
import { describeError } from '../../error-line.js';
import { listenForStop } from '../../run/stop-signal.js';
import { openComparison, type ReproduceRequest } from '../open-comparison.js';
import { doRun } from './do-run.js';
import type { Execution } from './execution.js';
import type { WorkerAnswer, WorkerOrder } from './worker-messages.js';

async function answer({ run: id }: WorkerOrder, execution: Execution): Promise<WorkerAnswer> {
  try {
    const run = execution.runs.find((one) => one.id === id);
    if (run === undefined) throw new UsageError(`the plan has no run ${id}`);
    await doRun(run, execution);
    return { outcome: 'done' };
  } catch (error) {
    if (error instanceof InterruptedError) return { outcome: 'stopped' };
    return { outcome: 'failed', ...describeError(error) };
  }
}

/**
 * A worker's whole life: does the runs of a comparison that its parent orders, until that closes the channel.
 *
 * @throws UsageError where there is no parent to take orders from
 */
export async function serveRuns(request: ReproduceRequest, backend: SelectedBackend): Promise<void> {
  if (process.send === undefined)
    throw new UsageError('--worker is for processes that midtrain starts itself');
  const orders = on(process, 'message', { close: ['disconnect'] });
  const stop = listenForStop(() => {});
  const orphaned = () => process.kill(process.pid, 'SIGTERM');
  try {
    const comparison = await openComparison(request, backend);
    for await (const [order] of orders) {
      process.once('disconnect', orphaned);
      const answered = await answer(order as WorkerOrder, comparison);
      process.off('disconnect', orphaned);
      if (process.connected) process.send(answered);
    }
  } finally {
    stop.release();
  }
}
