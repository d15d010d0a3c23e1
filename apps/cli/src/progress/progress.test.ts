import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { duration, showProgress } from './progress.js';

test.each([
  [0, '0s'],
  [59.4, '59s'],
  [59.6, '1m00s'],
  [185, '3m05s'],
  [7503, '2h05m'],
])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

test('where there is no terminal, a line every tenth of the way', () => {
  let written = '';
  const stream = new Writable({
    write(chunk, _, done) {
      written += chunk;
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  const progress = showProgress({ label: 'train', total: 40, from: 8, stream });
  for (let step = 9; step <= 40; step++) progress.update(step, `step ${step}`);
  progress.stop();
  expect(written.match(/train \d+\/40/g)).toEqual(
    [12, 16, 20, 24, 28, 32, 36, 40].map((done) => `train ${done}/40`),
  );
  expect(written.trim().split('\n').at(-1)).toMatch(/ 0s left · step 40$/);
});
