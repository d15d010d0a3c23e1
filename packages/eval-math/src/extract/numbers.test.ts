import { describe, expect, it } from 'vitest';
import { lastNumber, unitAfter } from './numbers.js';

describe('lastNumber', () => {
  it.each([
    ['from 3 to 12', '12'],
    ['it is −7.', '-7'],
    ['exactly 1,234,567 of them', '1,234,567'],
    ['a total of 1.5e3', '1.5e3'],
    ['so 3/4 is left', '3/4'],
    ['that is 6 * 7', '6 * 7'],
    ['that is 28 percent', '28%'],
    ['about 5 million people', '5 million'],
    ['it took 5 min', '5 min'],
    ['there are 5 in total', '5'],
    ['AZYUK2A', undefined],
  ])('finds in %j the number %j', (text, number) => {
    expect(lastNumber(text)[0]?.text).toBe(number);
  });
});

describe('unitAfter', () => {
  it.each([
    [' cm long', ' cm'],
    [' square feet.', ' square feet'],
    [' m', ' m'],
    [' m is the slope', ''],
    ['km/h', ' km/h'],
    ['€', '€'],
    [' apples', ''],
  ])('reads %j as %j', (after, unit) => {
    expect(unitAfter(after)).toBe(unit);
  });
});
