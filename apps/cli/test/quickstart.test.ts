import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runCli, startCli } from './support/cli.js';
import { runLines, withoutTime } from './support/run-lines.js';
import { temporaryFolder } from './support/temporary-folder.js';

const folder = await temporaryFolder();
const ARGS = ['quickstart', '--quick', '--json', '--output'];

const metricsOf = async (run: string) => withoutTime(await runLines(join(folder, run)));

test('the whole path: base, mid-training, baseline, evaluation, page', { timeout: 240_000 }, async () => {
  const { status, stdout, stderr } = await runCli([...ARGS, 'run'], folder);
  expect(stderr).not.toContain('error');
  expect(status).toBe(0);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject(JSON.parse(await readFile(join(folder, 'run', 'summary.json'), 'utf8')));
  const { base, continued, rmt, seconds } = summary;
  const results = [
    base.withoutReasoning,
    base.withReasoning,
    continued.withoutReasoning,
    rmt.withoutReasoning,
    rmt.withReasoning,
  ];
  for (const { easy, medium, hard, average, meanLength } of results) {
    expect(average.n).toBe(results[0].average.n);
    expect(easy.n + medium.n + hard.n).toBe(average.n);
    for (const { low, accuracy, high } of [easy, medium, hard, average]) {
      expect(low).toBeLessThanOrEqual(accuracy);
      expect(accuracy).toBeLessThanOrEqual(high);
    }
    expect(meanLength).toBeLessThanOrEqual(49);
  }
  expect(Object.values(seconds).every((value) => Number(value) > 0)).toBe(true);
  const page = await readFile(join(folder, 'run', 'report.html'), 'utf8');
  for (const part of [
    'Next-token accuracy',
    'Match reward',
    'Where the next token is hard',
    'Pre-training loss',
  ])
    expect(page).toContain(part);
});

test('killed in each of its parts and started again, ends in the same numbers', {
  timeout: 400_000,
}, async () => {
  for (const part of [/pretrain 6\/12/, /train 2\/4/, /evaluate base, thinking/]) {
    const { child, finished } = startCli([...ARGS, 'killed'], folder);
    let seen = '';
    child.stderr?.on('data', (chunk) => {
      seen += chunk;
    });
    let over = false;
    finished.then(() => {
      over = true;
    });
    while (!over && !part.test(seen)) await sleep(5);
    child.kill('SIGKILL');
    expect((await finished).signal).toBe('SIGKILL');
  }
  const { status, stdout } = await runCli([...ARGS, 'killed'], folder);
  expect(status).toBe(0);
  const untimed = ({ run: _, seconds: __, ...results }: Record<string, unknown>) => results;
  const whole = JSON.parse(await readFile(join(folder, 'run', 'summary.json'), 'utf8'));
  expect(untimed(JSON.parse(stdout))).toEqual(untimed(whole));
  expect(await metricsOf('killed')).toEqual(await metricsOf('run'));

  const again = await runCli([...ARGS, 'killed'], folder);
  expect(JSON.parse(again.stdout)).toEqual(JSON.parse(stdout));
  expect(again.stderr).not.toContain('evaluate');
});
