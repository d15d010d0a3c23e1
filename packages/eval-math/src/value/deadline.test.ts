import { expect, it } from 'vitest';
import { checkTime, within } from './deadline.js';

const forever = (): never => {
  for (;;) checkTime();
};

it('ends work that asks for the time', () => {
  expect(within(5, forever)).toBeNull();
  expect(within(60_000, () => 'done')).toBe('done');
});

it('keeps the outer limit inside an inner one, and takes it away afterwards', () => {
  expect(within(5, () => within(60_000, forever))).toBeNull();
  expect(() => checkTime()).not.toThrow();
});

it('lets other errors through', () => {
  const fail = (): never => {
    throw new RangeError('other');
  };
  expect(() => within(60_000, fail)).toThrow(RangeError);
  expect(() => checkTime()).not.toThrow();
});
