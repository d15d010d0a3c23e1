import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openGguf, readGgufHeader } from './read-gguf.js';
import { readRows } from './read-rows.js';

// Blocks and their values by the reference, Python's `gguf`: fixtures/make-gguf.py.
const file = fileURLToPath(new URL('../../fixtures/gguf/quants.gguf', import.meta.url));
const handle = await openGguf(file);
const { tensors } = await readGgufHeader(file, handle);

async function valuesOf(name: string): Promise<Float32Array> {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`${file} has no ${name}`);
  const pieces: Float32Array[] = [];
  for await (const piece of readRows(file, handle, tensor)) pieces.push(piece.slice());
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

const TYPES = [
  'F32',
  'F16',
  'BF16',
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q8_0',
  'Q2_K',
  'Q3_K',
  'Q4_K',
  'Q5_K',
  'Q6_K',
];

it.each(TYPES)('%s becomes the float32 values of the reference, to the last bit', async (type) => {
  const [ours, theirs] = [await valuesOf(`${type}.blocks`), await valuesOf(`${type}.values`)];
  expect(tensors.get(`${type}.blocks`)?.type.name).toBe(type);
  expect(theirs.length).toBe(3 * 512);
  expect(new Set(theirs).size).toBeGreaterThan(16);
  expect(ours.findIndex((value, i) => value !== theirs[i])).toBe(-1);
});
