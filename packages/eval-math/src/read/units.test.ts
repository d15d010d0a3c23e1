import { describe, expect, it } from 'vitest';
import { findUnit, isPlainUnit, readUnit } from './units.js';

const factor = (name: string): number => {
  const unit = readUnit(name)!;
  return Number(unit.top) / Number(unit.bottom);
};

describe('units', () => {
  // The definitions of the international yard and pound (1959), and of the SI.
  it.each([
    ['inch', 0.0254],
    ['foot', 0.3048],
    ['yard', 0.9144],
    ['mile', 1609.344],
    ['km', 1000],
    ['pound', 0.45359237],
    ['ounce', 0.45359237 / 16],
    ['gallon', 231 * 0.0254 ** 3],
    ['quart', (231 * 0.0254 ** 3) / 4],
    ['acre', 43_560 * 0.3048 ** 2],
    ['hectare', 10_000],
    ['mph', 0.44704],
    ['km/h', 1 / 3.6],
    ['square feet', 0.3048 ** 2],
    ['ft^3', 0.3048 ** 3],
    ['mL', 1e-6],
    ['day', 86_400],
    ['cents', 0.01],
  ])('%s is %d of its base', (name, expected) => {
    expect(factor(name)).toBeCloseTo(expected, 12);
  });

  it.each([
    ['cm^2', 'area'],
    ['cubic meters', 'volume'],
    ['liters', 'volume'],
    ['miles per hour', 'speed'],
    ['m/s^2', 'length/time^2'],
    ['years', 'month'],
    ['apples', 'noun:apple'],
    ['boxes', 'noun:box'],
    ['cities', 'noun:city'],
    ['degrees Celsius', 'temperature'],
    ['years old', 'month'],
  ])('%s measures %s', (name, dimension) => {
    expect(readUnit(name)?.dimension).toBe(dimension);
  });

  it('knows nothing of __proto__, and refuses what is no word', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) expect(findUnit(name)).toBeUndefined();
    for (const text of ['', '1', 'a/b/c', '?', 'x'.repeat(61)]) expect(readUnit(text)).toBeNull();
  });

  it('takes a letter for a unit only where it is marked as one', () => {
    expect([isPlainUnit('m'), isPlainUnit('in'), isPlainUnit('cm')]).toEqual([false, false, true]);
  });
});
