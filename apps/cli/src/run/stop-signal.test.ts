import { describe, expect, test, vi } from 'vitest';
import { listenForStop } from './stop-signal.js';

describe('listenForStop', () => {
  test('hears the first signal, and leaves no listener behind', () => {
    const before = process.listenerCount('SIGTERM');
    const asked = vi.fn();
    const stop = listenForStop(asked);
    expect(stop.requested).toBe(false);
    process.emit('SIGTERM');
    expect([stop.requested, asked.mock.calls.length]).toEqual([true, 1]);
    stop.release();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  test('the second signal ends the process, once, unless whoever listens first will not have it', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as () => never);
    for (const [secondQuits, times] of [
      [true, 1],
      [false, 0],
    ] as const) {
      exit.mockClear();
      const outer = listenForStop(() => {}, { secondQuits });
      const inner = listenForStop(() => {});
      process.emit('SIGTERM');
      expect(exit).not.toHaveBeenCalled();
      process.emit('SIGTERM');
      expect(exit).toHaveBeenCalledTimes(times);
      inner.release();
      outer.release();
    }
    exit.mockRestore();
  });

  test('what begins after a signal, while others still stop for it, is asked to stop too', () => {
    const outer = listenForStop(() => {});
    process.emit('SIGINT');
    const asked = vi.fn();
    const inner = listenForStop(asked);
    expect([inner.requested, asked.mock.calls.length]).toEqual([true, 1]);
    inner.release();
    outer.release();
    const later = listenForStop(asked);
    expect([later.requested, asked.mock.calls.length]).toEqual([false, 1]);
    later.release();
  });
});
