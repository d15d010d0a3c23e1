import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InterruptedError, WorkerError } from '../../cli-error.js';
import type { PlannedRun } from '../plan.js';
import { inWorkers } from './in-workers.js';

/** Does as the id of a run says. */
const SCRIPT = `
process.on('disconnect', () => process.exit());
process.on('message', ({ run, stop }) => {
  if (stop) return process.send({ outcome: 'stopped' });
  if (run === 'last') {
    process.send({ outcome: 'done' });
    return setTimeout(() => process.exit(), 20);
  }
  if (run === 'fail') return process.send({ outcome: 'failed', text: 'error: no such model', status: 2 });
  if (run === 'die') {
    process.stderr.write('out of luck\\n');
    return setTimeout(() => process.exit(7), 50);
  }
  if (run === 'hang') return;
  process.send({ outcome: 'done' });
});
`;

let root: string;
let script: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'midtrain-workers-'));
  script = join(root, 'worker.mjs');
  await writeFile(script, SCRIPT);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const run = (id: string) => ({ id }) as PlannedRun;

describe('inWorkers', () => {
  test('does runs, one after the other in the same process where it can', async () => {
    const performer = inWorkers([], { count: 2, script, args: [] });
    await Promise.all([performer.perform(run('x')), performer.perform(run('y'))]);
    await performer.perform(run('z'));
    performer.close();
  });

  test('a run that fails is named with its reason and its exit status', async () => {
    const performer = inWorkers([], { count: 1, script, args: [] });
    await expect(performer.perform(run('fail'))).rejects.toMatchObject({
      message: 'fail: error: no such model',
      exitCode: 2,
    });
    await performer.perform(run('another'));
    performer.close();
  });

  test('a process that dies is told of with its last words', async () => {
    const performer = inWorkers([], { count: 1, script, args: [] });
    const died = performer.perform(run('die'));
    await expect(died).rejects.toThrow(WorkerError);
    await expect(died).rejects.toThrow(/^die: its process ended with status 7; it last said:\nout of luck$/);
    performer.close();
  });

  test('stopped, a run ends as interrupted', async () => {
    const performer = inWorkers([], { count: 1, script, args: [] });
    const hanging = performer.perform(run('hang')).catch((error: unknown) => error);
    await sleep(400);
    performer.stop();
    expect(await hanging).toBeInstanceOf(InterruptedError);
    performer.close();
  });

  test('one that ends once it is asked to stop has stopped', async () => {
    const performer = inWorkers([], { count: 1, script, args: [] });
    const dying = performer.perform(run('die')).catch((error: unknown) => error);
    performer.stop();
    expect(await dying).toBeInstanceOf(InterruptedError);
    performer.close();
  });

  test('one that ended while it waited is replaced, or forgotten', async () => {
    const performer = inWorkers([], { count: 1, script, args: [] });
    await performer.perform(run('last'));
    await sleep(300);
    await performer.perform(run('last'));
    await sleep(300);
    performer.close();
  });
});
