// All packages' vitest runs through turbo, counted from vitest's own JSON reports.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { run } from './run.mjs';
import { publishedPackages, root } from './workspace.mjs';

const REPORT = '.turbo/vitest.json';

/** What one package's report says: counts, and the names of what failed or was skipped. */
export function readReport(report) {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failedNames = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  const brokenFiles = report.testResults
    .filter(
      ({ status, assertionResults: own }) => status === 'failed' && own.every((t) => t.status !== 'failed'),
    )
    .map(({ name }) => `${basename(name)} as a whole`);
  return {
    passedTests: tests.filter(({ status }) => status === 'passed').length,
    failedTests: failedNames.length + brokenFiles.length,
    failedNames: [...failedNames, ...brokenFiles],
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
    const counted = readReport(JSON.parse(readFileSync(file, 'utf8')));
    const { passedTests, failedTests, skipped } = counted;
    tally.add(`${name}: tests`, counted);
    failuresSeen += failedTests;
    if (passedTests + failedTests === 0) {
      failuresSeen += 1;
      tally.fail(`${name}: tests`, 'it has none that ran');
      continue;
    }
    const mark = failedTests === 0 ? 'ok      ' : 'FAILED  ';
    console.log(
      `  ${mark} ${name}: ${passedTests} tests passed, ${failedTests} failed, ${skipped.length} skipped`,
    );
    for (const test of skipped) tally.skip(`${name}: ${test}`, 'its test says it cannot run on this machine');
  }
  if (!ok && failuresSeen === 0)
    tally.fail('tests', 'turbo failed although no test did: see the output above');
}
