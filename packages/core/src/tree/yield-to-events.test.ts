import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

/** The function with no turn taken yet. */
async function fresh() {
  vi.resetModules();
  return (await import('./yield-to-events.js')).yieldToEvents;
}

/** Computes for so long, as wasm does. */
function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe.each([
  ['setImmediate', []],
  ['a message', ['setImmediate']],
  ['a timer', ['setImmediate', 'MessageChannel']],
])('yieldToEvents by %s', (_, missing) => {
  it('lets timers fire while it computes, and throws what they abort with', async () => {
    const yieldToEvents = await fresh();
    for (const name of missing) vi.stubGlobal(name, undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 5);
    let rounds = 0;
    const computing = async () => {
      for (; rounds < 200; rounds++) {
        compute(5);
        await yieldToEvents(controller.signal);
      }
    };
    await expect(computing()).rejects.toThrow('enough');
    expect(rounds).toBeLessThan(20);
  });
});

it('takes a turn every few milliseconds only', async () => {
  const yieldToEvents = await fresh();
  let turns = 0;
  vi.stubGlobal('setImmediate', (resolve: () => void) => {
    turns++;
    resolve();
  });
  const start = performance.now();
  let calls = 0;
  for (; performance.now() - start < 40; calls++) await yieldToEvents();
  expect(turns).toBeGreaterThan(1);
  expect(turns).toBeLessThanOrEqual(1 + (performance.now() - start) / 4);
  expect(calls).toBeGreaterThan(10 * turns);
});

it('throws at once what a signal has been aborted with', async () => {
  const yieldToEvents = await fresh();
  await expect(yieldToEvents(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});
