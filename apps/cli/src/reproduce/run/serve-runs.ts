import { on } from 'node:events';
import type { SelectedBackend } from '@midtrain/kernels';
import { InterruptedError, UsageError } from '../../cli-error.js';
import { describeError } from '../../error-line.js';
import { listenForStop } from '../../run/stop-signal.js';
import { openComparison, type ReproduceRequest } from '../open-comparison.js';
import { doRun } from './do-run.js';
import type { Execution } from './execution.js';
import type { WorkerAnswer, WorkerOrder } from './worker-messages.js';

async function answer(id: string, execution: Execution): Promise<WorkerAnswer> {
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
 * A worker's whole life: does the runs of a comparison that its parent orders, until that closes the channel. It stops after
 * a step when the parent says so or is gone, and at a signal, of which it may get several: one of each that reached them both.
 *
 * @throws UsageError where there is no parent to take orders from
 */
export async function serveRuns(request: ReproduceRequest, backend: SelectedBackend): Promise<void> {
  if (process.send === undefined)
    throw new UsageError('--worker is for processes that midtrain starts itself');
  const orders = on(process, 'message', { close: ['disconnect'] });
  const stop = listenForStop(() => {}, { secondQuits: false });
  const ask = () => void process.emit('SIGTERM');
  const hear = (order: WorkerOrder) => {
    if ('stop' in order) ask();
  };
  process.on('message', hear).on('disconnect', ask);
  // Of a parent that is gone nobody reads what is said.
  process.stderr.on('error', () => {});
  try {
    const comparison = await openComparison(request, backend);
    for await (const [message] of orders) {
      const order = message as WorkerOrder;
      if (!process.connected) break;
      if ('stop' in order) continue;
      const answered = await answer(order.run, comparison);
      if (process.connected) process.send(answered);
    }
  } finally {
    process.off('message', hear).off('disconnect', ask);
    if (process.connected) process.disconnect();
    stop.release();
  }
}
