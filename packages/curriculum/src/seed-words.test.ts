import { expect, it } from 'vitest';
import { fnv1a64, splitMix64 } from './seed-words.js';

it('SplitMix64 gives the published outputs for the seed 1234567', () => {
  expect(splitMix64(1234567n, 5)).toEqual([
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
    4593380528125082431n,
    16408922859458223821n,
  ]);
});

it('FNV-1a gives the published hashes', () => {
  expect(['', 'a', 'foobar'].map(fnv1a64)).toEqual([
    0xcbf29ce484222325n,
    0xaf63dc4c8601ec8cn,
    0x85944171f73967e8n,
  ]);
});
