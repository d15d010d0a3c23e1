import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createTally, readConclusion } from './tally.mjs';

/** What a tally prints when it concludes, and the exit code it gives. */
function concluded(fill) {
  const lines = [];
  const log = mock.method(console, 'log', (line) => lines.push(line));
  const tally = createTally();
  fill(tally);
  const exitCode = tally.conclude();
  log.mock.restore();
  return { output: lines.join('\n'), exitCode };
}

test('the last line is the sum of checks and of tests counted elsewhere', () => {
  const { output, exitCode } = concluded((tally) => {
    tally.pass('one');
    tally.fail('two', 'why');
    tally.skip('three', 'not here');
    tally.add('four', { passedTests: 5, failedTests: 2, failedNames: ['a', 'b'] });
  });
  assert.equal(output.split('\n').at(-1), '6 passed, 3 failed');
  assert.match(output, /three: not here/);
  assert.equal(exitCode, 1);
});

test('a check passes, fails by a text, and fails by what it throws', async () => {
  const log = mock.method(console, 'log', () => {});
  const tally = createTally();
  assert.equal(await tally.check('passes', async () => undefined), true);
  assert.equal(await tally.check('says why', () => 'wrong'), false);
  assert.equal(
    await tally.check('throws', () => {
      throw new Error('broken');
    }),
    false,
  );
  tally.conclude();
  assert.equal(log.mock.calls.at(-1).arguments[0].trim(), '1 passed, 2 failed');
  log.mock.restore();
});

test('a conclusion is read from the last line only', () => {
  assert.deepEqual(readConclusion('x\n12 passed, 3 failed\n'), { passedTests: 12, failedTests: 3 });
  assert.equal(readConclusion('12 passed, 3 failed\nthen it crashed\n'), undefined);
  assert.equal(readConclusion(''), undefined);
});
