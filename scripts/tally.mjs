// Counts what passed, failed and was skipped, and says so in one last line.

/** One line of the report for each check; `conclude` prints the sum and gives the exit code. */
export function createTally() {
  let passed = 0;
  let failed = 0;
  const failures = [];
  const skips = [];
  const tally = {
    pass(name) {
      passed += 1;
      console.log(`  ok       ${name}`);
    },
    fail(name, detail = '') {
      failed += 1;
      failures.push(name);
      console.log(`  FAILED   ${name}`);
      if (detail.trim() !== '') console.log(detail.trimEnd().replace(/^/gm, '             '));
    },
    skip(name, reason) {
      skips.push(`${name}: ${reason}`);
    },
    /** Adds counts of tests that another program has already reported; `failedNames` says which, where it is known. */
    add(name, { passedTests, failedTests, failedNames = [] }) {
      passed += passedTests;
      failed += failedTests;
      if (failedTests === 0) return;
      failures.push(`${name}: ${failedTests} failed`, ...failedNames.map((each) => `  ${each}`));
    },
    /** Passes when `action` neither throws nor returns a text; a text is why it failed. */
    async check(name, action) {
      let problem;
      try {
        problem = await action();
      } catch (error) {
        problem = error.stack ?? String(error);
      }
      if (problem) tally.fail(name, String(problem));
      else tally.pass(name);
      return !problem;
    },
    /** Prints what was skipped, what failed and, last, the line `N passed, N failed`. */
    conclude() {
      if (skips.length > 0) console.log(`\nSkipped:\n${skips.map((line) => `  ${line}`).join('\n')}`);
      if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
      console.log(`\n${passed} passed, ${failed} failed`);
      return failed === 0 ? 0 : 1;
    },
  };
  return tally;
}

/**
 * Reads the line that `conclude` printed out of a program's output.
 * @param {string} output
 * @returns {{ passedTests: number, failedTests: number } | undefined} undefined when there is no such last line
 */
export function readConclusion(output) {
  const match = /^(\d+) passed, (\d+) failed$/.exec(output.trimEnd().split('\n').at(-1) ?? '');
  return match ? { passedTests: Number(match[1]), failedTests: Number(match[2]) } : undefined;
}
