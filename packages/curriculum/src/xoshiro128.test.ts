import { expect, it } from 'vitest';
import { nextXoshiro128 } from './xoshiro128.js';

it('xoshiro128** gives the outputs of the authors’ C code, version 1.1, from the state 1, 2, 3, 4', () => {
  const state = Uint32Array.of(1, 2, 3, 4);
  expect(Array.from({ length: 10 }, () => nextXoshiro128(state))).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
  expect([...state]).toEqual([939045227, 1864939416, 1451579149, 2199351389]);
});
