// All packages' vitest runs through turbo, counted from vitest's own JSON reports.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './run.mjs';
import { publishedPackages, root } from './workspace.mjs';

const REPORT = '.turbo/vitest.json';

/** Tests that failed or were skipped, and the files that could not even be loaded. */
function readReport(report) {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failedTests = tests.filter(({ status }) => status === 'failed').length;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passedTests: tests.filter(({ status }) => status === 'passed').length,
    failedTests: failedTests + brokenFiles.length,
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map((t) => t.fullName),
  };
}

/** Runs every package's tests and adds them to the tally. Never replays a cached result. */
export async function runUnitTests(tally) {
  const packages = publishedPackages();
  for (const { directory } of packages) rmSync(join(directory, REPORT), { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const { ok } = await run(
    'turbo',
    ['run', 'test', '--concurrency=2', '--continue=always', '--log-order=stream', '--', ...reporters],
    { stream: true },
  );
  console.log();
  let failuresSeen = 0;
  for (const { name, directory } of packages) {
    const file = join(directory, REPORT);
    if (!existsSync(file)) {
      failuresSeen += 1;
      tally.fail(
        `${name}: tests`,
        `vitest wrote no report in ${relative(root, directory)}; its output is above`,
      );
      continue;
    }
    const { passedTests, failedTests, skipped } = readReport(JSON.parse(readFileSync(file, 'utf8')));
    tally.add(`${name}: tests`, { passedTests, failedTests });
    failuresSeen += failedTests;
    const mark = failedTests === 0 ? 'ok      ' : 'FAILED  ';
    console.log(
      `  ${mark} ${name}: ${passedTests} tests passed, ${failedTests} failed, ${skipped.length} skipped`,
    );
    for (const test of skipped) tally.skip(`${name}: ${test}`, 'its test says it cannot run on this machine');
  }
  if (!ok && failuresSeen === 0)
    tally.fail('tests', 'turbo failed although no test did: see the output above');
}
