import { InterruptedError } from '../cli-error.js';

/** Whether a run was asked to stop. */
export interface StopSignal {
  readonly requested: boolean;
  /** Lets signals do again what they did before. */
  release(): void;
}

/** Those that listen now, as a plan of runs does around each of its runs. */
const listening = new Set<StopSignal>();

/** Settings of `listenForStop`. */
export interface StopOptions {
  /** Whether a second signal ends the process at once. Default true; what listens first decides for all. */
  readonly secondQuits?: boolean;
}

/**
 * Listens for Ctrl-C and SIGTERM: the first asks the run to stop after its step, the second ends the process. Where
 * somebody who still listens was asked before, this one is as well.
 *
 * @param onRequest is called at the first signal
 */
export function listenForStop(onRequest: () => void, { secondQuits = true }: StopOptions = {}): StopSignal {
  const quits = secondQuits && listening.size === 0;
  let requested = [...listening].some((other) => other.requested);
  const listen = () => {
    if (requested) {
      if (quits) process.exit(new InterruptedError('').exitCode);
      return;
    }
    requested = true;
    onRequest();
  };
  process.on('SIGINT', listen);
  process.on('SIGTERM', listen);
  const signal: StopSignal = {
    get requested() {
      return requested;
    },
    release: () => {
      listening.delete(signal);
      process.off('SIGINT', listen);
      process.off('SIGTERM', listen);
    },
  };
  listening.add(signal);
  if (requested) onRequest();
  return signal;
}
