import { type ChildProcess, fork } from 'node:child_process';
import { InterruptedError, WorkerError } from '../../cli-error.js';
import type { PlannedRun } from '../plan.js';
import type { Performer } from './performer.js';
import type { WorkerAnswer, WorkerOrder } from './worker-messages.js';

/** Processes that share the runs out among them. */
export interface WorkerPool {
  readonly count: number;
  /** Script that a worker is started with, and its arguments after the command's. */
  readonly script: string;
  readonly args: readonly string[];
}

/** How much of what a worker wrote is kept, to be shown when it dies, characters. */
const LAST_WORDS = 2000;

interface Worker {
  readonly child: ChildProcess;
  /** The end of what it wrote to stderr, to be put after a sentence. */
  words(): string;
}

function startWorker(script: string, args: readonly string[]): Worker {
  const child = fork(script, args, {
    // Ctrl-C reaches the whole foreground group; a worker is told by its parent alone, once.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // Of a worker that waits: it is seen by its channel, which closes with it.
  child.on('error', () => {});
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-LAST_WORDS);
  });
  return { child, words: () => (said.trim() === '' ? '' : `; it last said:\n${said.trimEnd()}`) };
}

const tell = (child: ChildProcess, what: WorkerOrder) => child.send(what);

/** Tells a worker to do a run, and waits for its answer or its end, which is one where it was asked to stop. */
function order({ child, words }: Worker, run: PlannedRun, stopping: () => boolean): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      child.off('message', hear).off('exit', die).off('error', fail);
      end();
    };
    const failure = (reason: string) => new WorkerError(`${run.id}: ${reason}${words()}`);
    const hear = (answer: unknown) => settle(() => resolve(answer as WorkerAnswer));
    const fail = ({ message }: Error) => settle(() => reject(failure(message)));
    const die = (status: number | null, signal: NodeJS.Signals | null) =>
      stopping()
        ? settle(() => resolve({ outcome: 'stopped' }))
        : settle(() => reject(failure(`its process ended with ${signal ?? `status ${status}`}`)));
    child.on('message', hear).on('exit', die).on('error', fail);
    tell(child, { run: run.id });
  });
}

/**
 * Does runs in processes of their own, several at a time; each takes the next run when it is free.
 *
 * @param command what the comparison was called with, which each worker opens it by
 */
export function inWorkers(command: readonly string[], { count, script, args }: WorkerPool): Performer {
  const idle: Worker[] = [];
  const busy = new Set<Worker>();
  let stopping = false;
  /** One that is still alive: whatever waits may be ended by others. */
  const take = (): Worker | undefined => {
    for (let worker = idle.pop(); worker; worker = idle.pop()) if (worker.child.connected) return worker;
    return undefined;
  };
  const killAll = () => {
    for (const { child } of [...idle, ...busy]) child.kill('SIGKILL');
  };
  // However this process ends, none of them works on.
  process.once('exit', killAll);
  return {
    atOnce: count,
    async perform(run) {
      const worker = take() ?? startWorker(script, [...command, ...args]);
      busy.add(worker);
      const answer = await order(worker, run, () => stopping).finally(() => busy.delete(worker));
      idle.push(worker);
      if (answer.outcome === 'stopped') throw new InterruptedError(`${run.id} was stopped`);
      if (answer.outcome === 'failed') throw new WorkerError(`${run.id}: ${answer.text}`, answer.status);
    },
    stop() {
      stopping = true;
      for (const { child } of busy) if (child.connected) tell(child, { stop: true });
    },
    close() {
      for (const { child } of idle.splice(0)) if (child.connected) child.disconnect();
      process.off('exit', killAll);
    },
  };
}
