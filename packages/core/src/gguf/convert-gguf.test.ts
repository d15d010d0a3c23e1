import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { NamedTensor } from '../model-files/named-tensor.js';
import { readModelDirectory } from '../model-files/read-model-directory.js';
import { readSafetensors } from '../model-files/read-safetensors.js';
import { loadTokenizer } from '../tokenizer/load-tokenizer.js';
import { convertGguf } from './convert-gguf.js';

const fixtures = (path: string) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'gguf-'));
afterAll(() => rm(folder, { recursive: true }));

async function collect(tensors: AsyncIterable<[string, NamedTensor]>): Promise<Map<string, NamedTensor>> {
  const found = new Map<string, NamedTensor>();
  for await (const [name, tensor] of tensors) found.set(name, tensor);
  return found;
}

/** The float16 nearest to a float32, ties to even, as a number. */
function roundedToHalf(value: number): number {
  const step = 2 ** Math.max(-24, Math.floor(Math.log2(Math.abs(value))) - 10);
  const steps = value / step;
  const near = Math.round(steps);
  return (Math.abs(steps % 1) === 0.5 ? 2 * Math.round(steps / 2) : near) * step;
}

// What llama.cpp's converter makes of the models in fixtures/, by fixtures/make-gguf.py: matrices in float16, and a
// Llama's queries and keys reordered.
describe.each(['llama', 'qwen2', 'qwen3'])('a %s model', { timeout: 30_000 }, (family) => {
  const out = join(folder, family);

  it('comes back with the weights that it had, in their order', async () => {
    const { types } = await convertGguf(fixtures(`gguf/${family}.gguf`), out);
    expect(Object.keys(types).sort()).toEqual(['F16', 'F32']);
    const converted = await readModelDirectory(out);
    const original = await readModelDirectory(fixtures(family));
    const [ours, theirs] = [await collect(converted.tensors()), await collect(original.tensors())];
    expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
    for (const [name, { shape, data }] of theirs) {
      const expected = shape.length === 1 ? data : data.map(roundedToHalf);
      expect(ours.get(name)?.shape).toEqual(shape);
      expect(ours.get(name)?.data.findIndex((value, i) => value !== expected[i])).toBe(-1);
    }
  });

  it('comes back with its configuration and both ends of text', async () => {
    const { config, generationConfig } = await readModelDirectory(out);
    const original = await readModelDirectory(fixtures(family));
    expect(config).toEqual({ ...original.config, bosTokenId: 1, eosTokenIds: [2, 0], padTokenId: 0 });
    expect(generationConfig?.eos_token_id).toEqual([2, 0]);
  });

  it('has a tokenizer of its tokens, without those that fill up the embedding', async () => {
    const tokenizer = await loadTokenizer(out);
    expect(tokenizer.vocabularySize).toBe(266);
    const text = '<|im_start|>in the 123rd <think>';
    const ids = tokenizer.encode(text);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(ids[0]).toBe(1);
    expect(ids.at(-1)).toBe(265);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('in the 123rd <think>');
    expect(JSON.parse(await readFile(join(out, 'tokenizer_config.json'), 'utf8')).chat_template).toContain(
      'for message',
    );
  });
});

it('has the rotary scaling that its factors are of', async () => {
  const out = join(folder, 'rope');
  await convertGguf(fixtures('gguf/tiny-rope.gguf'), out);
  expect((await readModelDirectory(out)).config.ropeScaling).toEqual({
    type: 'llama3',
    factor: 8,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalMaxPositions: 8192,
  });
});

it('stores bfloat16 on request: half the bytes, each value the nearest', async () => {
  const out = join(folder, 'bfloat16');
  await convertGguf(fixtures('gguf/llama.gguf'), out, { dtype: 'BF16' });
  const exact = await collect(readSafetensors(join(folder, 'llama', 'model.safetensors')));
  let rounded = 0;
  let wrong = 0;
  for await (const [name, { data }] of readSafetensors(join(out, 'model.safetensors'))) {
    const values = exact.get(name)?.data as Float32Array;
    const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
    values.forEach((value, i) => {
      // A bfloat16 has 8 significant bits.
      const step = value === 0 ? 0 : 2 ** (Math.floor(Math.log2(Math.abs(value))) - 7);
      wrong += Number(Math.abs(data[i] - value) > step / 2 || (bits[i] & 0xffff) !== 0);
      rounded += Number(data[i] !== value);
    });
  }
  expect(wrong).toBe(0);
  expect(rounded).toBeGreaterThan(1000);
});
