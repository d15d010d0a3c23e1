import { describe, expect, it } from 'vitest';
import { readClockOrDate } from './read-time.js';

describe('readClockOrDate', () => {
  it.each([
    ['3:30', { kind: 'clock', minutes: 210, seconds: 0, half: '', padded: false }],
    ['3:05', { kind: 'clock', minutes: 185, padded: true }],
    ['03:30', { kind: 'clock', minutes: 210, padded: true }],
    ['3:30:15 p.m.', { kind: 'clock', minutes: 210, seconds: 15, half: 'pm' }],
    ['\\text{9 a.m.}', { kind: 'clock', minutes: 540, half: 'am' }],
    ['$12:00$', { kind: 'clock', minutes: 720, half: '' }],
    ['March 5', { kind: 'date', year: null, month: 3, day: 5 }],
    ['5th of March, 1999', { kind: 'date', year: 1999, month: 3, day: 5 }],
    ['\\text{July } 4,\\ 1776', { kind: 'date', year: 1776, month: 7, day: 4 }],
    ['Sept. 30', { kind: 'date', month: 9, day: 30 }],
    ['2024-02-29', { kind: 'date', year: 2024, month: 2, day: 29 }],
  ])('reads %s', (text, expected) => {
    expect(readClockOrDate(text)).toMatchObject(expected);
  });

  it.each([
    '3:75',
    '25:00',
    '13:00 p.m.',
    'March 32',
    '2024-13-01',
    '3:4',
    'constructor 5',
    'March',
    '12',
    '1:'.repeat(50),
  ])('does not read %s', (text) => {
    expect(readClockOrDate(text)).toBeNull();
  });
});
