import { expect, test } from 'vitest';
import { runCli } from './support/cli.js';
import { temporaryFolder } from './support/temporary-folder.js';

const SMALL = [
  '--documents',
  '2',
  '--document-tokens',
  '24',
  '--positions',
  '3',
  '--branches',
  '2',
  '--new-tokens',
  '5',
];

test('midtrain bench: the tree computes what rows compute, and its report has the published keys', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder();
  const { status, stdout, stderr } = await runCli(
    ['bench', ...SMALL, '--repeats', '1', '--threads', '1', '--json'],
    folder,
  );
  expect(status, stderr).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ threads: 1, treeStep: { documents: 2, branches: 2, newTokens: 5 } });
  for (const value of [
    report.treeStep.seconds,
    report.treeStep.rowByRowSeconds,
    report.treeStep.ratio,
    report.trainStep.seconds,
    report.trainStep.tokensPerSecond,
    report.decode.tokensPerSecond,
    report.peakBytes,
  ]) {
    expect(value).toBeGreaterThan(0);
  }
  expect(report.treeStep.maxLogitDifference).toBeLessThan(1e-4);
  expect(report.treeStep.maxGradientDifference).toBeLessThan(1e-4);
  expect(report.treeStep.ratio).toBeCloseTo(report.treeStep.rowByRowSeconds / report.treeStep.seconds, 6);
  expect(stderr).toContain('bench: RMT step row by row');
});

test('midtrain bench: refuses sizes that are none', async () => {
  const { status, stderr } = await runCli(['bench', '--document-tokens', '1'], await temporaryFolder());
  expect(status).toBe(2);
  expect(stderr).toContain('expected a whole number ≥ 2');
});
