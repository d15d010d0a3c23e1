import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReport } from './unit-tests.mjs';

const file = (name, status, ...tests) => ({
  name,
  status,
  assertionResults: tests.map(([fullName, testStatus]) => ({ fullName, status: testStatus })),
});

test('counts passed, failed and skipped tests of all files', () => {
  const report = {
    testResults: [
      file('src/a.test.ts', 'passed', ['a works', 'passed'], ['a on a GPU', 'skipped']),
      file('src/b.test.ts', 'failed', ['b works', 'passed'], ['b adds', 'failed']),
    ],
  };
  assert.deepEqual(readReport(report), {
    passedTests: 2,
    failedTests: 1,
    failedNames: ['b adds'],
    skipped: ['a on a GPU'],
  });
});

test('a file that could not be loaded is a failure although none of its tests failed', () => {
  const { failedTests, failedNames } = readReport({ testResults: [file('src/c.test.ts', 'failed')] });
  assert.equal(failedTests, 1);
  assert.deepEqual(failedNames, ['c.test.ts as a whole']);
});
