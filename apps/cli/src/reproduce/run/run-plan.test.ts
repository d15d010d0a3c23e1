import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { InterruptedError } from '../../cli-error.js';
import type { PlannedRun } from '../plan.js';
import type { Performer } from './performer.js';
import { reproduceFolder } from './reproduce-folder.js';
import { runPlan } from './run-plan.js';

const root = await mkdtemp(join(tmpdir(), 'midtrain-plan-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = reproduceFolder(root);

const run = (id: string, ...after: string[]): PlannedRun => ({
  id,
  part: 'comparison',
  kind: 'train',
  method: id,
  seed: 0,
  overrides: [],
  base: 'base',
  after,
  evaluate: [],
  seconds: 1,
});

/** Two bases, what goes on from each, and what needs both. */
const RUNS = [run('a'), run('b'), run('a1', 'a'), run('b1', 'b'), run('ab', 'a1', 'b1'), run('a2', 'a')];

/** Takes as long as it is told, and writes down when each run began and ended. */
function recorder(atOnce: number, act: (run: PlannedRun) => Promise<unknown> | undefined = () => undefined) {
  const events: string[] = [];
  let stops = 0;
  let closed = false;
  const performer: Performer = {
    atOnce,
    async perform(one) {
      events.push(`${one.id} begins`);
      await (act(one) ?? sleep(3 + one.id.length));
      events.push(`${one.id} ends`);
    },
    stop: () => {
      stops++;
    },
    close: () => {
      closed = true;
    },
  };
  const lines: string[] = [];
  const going = () =>
    runPlan({ runs: RUNS, folder, performer, goOn: 'go on', say: (line) => void lines.push(line) });
  return { events, lines, going, stops: () => stops, closed: () => closed };
}

/** Most runs that were under way together. */
function mostAtOnce(events: readonly string[]): number {
  let now = 0;
  return Math.max(...events.map((event) => (event.endsWith('begins') ? ++now : now--)));
}

describe('runPlan', () => {
  test.each([1, 2, 3, 9])('does each run once, after those that it needs, %i at a time', async (atOnce) => {
    const { events, going, closed } = recorder(atOnce);
    await going();
    expect(events).toHaveLength(2 * RUNS.length);
    for (const { id, after } of RUNS)
      for (const needed of after)
        expect(events.indexOf(`${needed} ends`)).toBeLessThan(events.indexOf(`${id} begins`));
    // No more than three of these runs need nothing of each other.
    expect(mostAtOnce(events)).toBe(Math.min(atOnce, 3));
    expect(closed()).toBe(true);
  });

  test('one at a time, keeps to the plan’s order', async () => {
    const { events, lines, going } = recorder(1);
    await going();
    expect(events.filter((_, i) => i % 2 === 0)).toEqual(RUNS.map(({ id }) => `${id} begins`));
    expect(lines[0]).toBe('6 runs; about 6s on quiet cores');
    expect(lines.slice(1).map((line) => line.split(' · ')[0])).toEqual(
      RUNS.map(({ id }, i) => `[${i + 1}/6] ${id}`),
    );
  });

  test('the first failure stops the others and is what is thrown', async () => {
    const { events, going, stops, closed } = recorder(2, ({ id }) =>
      id === 'b' ? Promise.reject(new Error('b broke')) : undefined,
    );
    await expect(going()).rejects.toThrow('b broke');
    expect([stops(), closed()]).toEqual([1, true]);
    expect(events).toEqual(['a begins', 'b begins', 'a ends']);
  });

  test('asked to stop, begins nothing more and says how to go on', async () => {
    const { events, lines, going, stops } = recorder(2, ({ id }) => {
      if (id !== 'b') return undefined;
      process.emit('SIGTERM');
      return Promise.reject(new InterruptedError('stopped'));
    });
    await expect(going()).rejects.toThrow(/^stopped; what is done is kept; go on with: go on$/);
    expect(stops()).toBeGreaterThan(0);
    expect(events).toEqual(['a begins', 'b begins', 'a ends']);
    expect(lines).toContain('stopping; Ctrl-C again quits at once');
  });
});
