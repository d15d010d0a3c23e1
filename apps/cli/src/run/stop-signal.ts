import { InterruptedError } from '../cli-error.js';

/** Whether a run was asked to stop. */
export interface StopSignal {
  readonly requested: boolean;
  /** Lets signals do again what they did before. */
  release(): void;
}

/**
 * Listens for Ctrl-C and SIGTERM: the first asks the run to stop after its step, the second ends the process.
 *
 * @param onRequest is called at the first signal
 */
export function listenForStop(onRequest: () => void): StopSignal {
  let requested = false;
  const listen = () => {
    if (requested) process.exit(new InterruptedError('').exitCode);
    requested = true;
    onRequest();
  };
  process.on('SIGINT', listen);
  process.on('SIGTERM', listen);
  return {
    get requested() {
      return requested;
    },
    release: () => {
      process.off('SIGINT', listen);
      process.off('SIGTERM', listen);
    },
  };
}
