/** Milliseconds of computing between two turns of the event loop, each of which costs some microseconds. */
const INTERVAL = 4;

let lastTurn = Number.NEGATIVE_INFINITY;

/** Resolves in the event loop's next turn, after timers and messages that are due; not a microtask, which would let none in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
    } else if (typeof MessageChannel === 'function') {
      // In browsers a timer within timers waits 4 ms.
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => {
        port1.close();
        resolve();
      });
      port1.start();
      port2.postMessage(undefined);
    } else {
      setTimeout(resolve, 0);
    }
  });
}

/**
 * Lets the event loop run, every few milliseconds at most: what computes would keep out the timers and events by which a
 * signal is aborted, since where results are read at once (wasm) every `await` goes on before them.
 *
 * @throws whatever `signal` was aborted with
 */
export async function yieldToEvents(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (performance.now() - lastTurn < INTERVAL) return;
  await nextTurn();
  lastTurn = performance.now();
  signal?.throwIfAborted();
}
