import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedTensor } from './named-tensor.js';
import { readSafetensors } from './read-safetensors.js';
import { SafetensorsError } from './safetensors-error.js';
import { writeSafetensors } from './write-safetensors.js';

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'safetensors-'));
  file = join(directory, 'x.safetensors');
});
afterAll(() => rm(directory, { recursive: true }));

async function readAll(path: string, wanted?: (name: string) => boolean): Promise<Map<string, NamedTensor>> {
  const tensors = new Map<string, NamedTensor>();
  for await (const [name, tensor] of readSafetensors(path, wanted)) tensors.set(name, tensor);
  return tensors;
}

/** A file with this header, and this many bytes of data. */
async function writeRaw(header: unknown, dataBytes: number, length?: bigint): Promise<void> {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length ?? BigInt(json.length));
  await writeFile(file, Buffer.concat([prefix, json, Buffer.alloc(dataBytes)]));
}

const entry = (shape: unknown, from: unknown, to: unknown, dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

describe('reading', () => {
  it.each(['f16', 'bf16', 'f64'])('widens or rounds %s as NumPy does, bit for bit', async (dtype) => {
    const fixture = fileURLToPath(new URL('../../fixtures/dtypes.safetensors', import.meta.url));
    const tensors = await readAll(fixture, (name) => name.startsWith(dtype));
    const [actual, expected] = [dtype, `${dtype}_as_f32`].map((name) => tensors.get(name) as NamedTensor);
    expect(actual.shape).toEqual(expected.shape);
    expect(actual.data.length).toBeGreaterThan(20);
    const differing = [...actual.data].filter((value, i) => !Object.is(value, expected.data[i]));
    expect(differing).toEqual([]);
  });

  it('reads scalars, empty tensors, and only what is wanted', async () => {
    const fixture = fileURLToPath(new URL('../../fixtures/dtypes.safetensors', import.meta.url));
    const tensors = await readAll(fixture, (name) => name === 'scalar' || name === 'empty');
    expect([...tensors.keys()].sort()).toEqual(['empty', 'scalar']);
    expect(tensors.get('scalar')).toEqual({ shape: [], data: Float32Array.of(2.5) });
    expect(tensors.get('empty')).toEqual({ shape: [0, 4], data: new Float32Array(0) });
    await expect(readAll(fixture)).rejects.toThrow(
      /tensor i64: dtype is I64, expected one of F64, F32, F16, BF16/,
    );
  });
});

describe('writing', () => {
  it('gives back, bit for bit, what was written', async () => {
    const tensor = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
      const size = shape.reduce((product, side) => product * side, 1);
      return fc.record({
        shape: fc.constant(shape),
        data: fc.float32Array({ minLength: size, maxLength: size }),
      });
    });
    const name = fc
      .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor'))
      .filter((text) => text !== '__metadata__');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 5 }),
        async (tensors) => {
          await writeSafetensors(file, tensors);
          const actual = await readAll(file);
          expect([...actual.keys()].sort()).toEqual(tensors.map(([key]) => key).sort());
          for (const [key, { shape, data }] of tensors) {
            expect(actual.get(key)?.shape).toEqual(shape);
            expect(Buffer.from((actual.get(key) as NamedTensor).data.buffer)).toEqual(
              Buffer.from(Float32Array.from(data).buffer),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('aligns the data to 8 bytes, marks it as PyTorch does, and leaves nothing beside it', async () => {
    await writeSafetensors(file, [['weight', { shape: [2], data: Float32Array.of(1, 2) }]]);
    const bytes = await readFile(file);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { format: 'pt' },
      weight: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    });
    expect([bytes.readFloatLE(8 + length), bytes.readFloatLE(12 + length)]).toEqual([1, 2]);
    expect(await readdir(directory)).toEqual(['x.safetensors']);
  });

  it('refuses shapes that do not fit and names given twice, and keeps the old file', async () => {
    const one = { shape: [1], data: Float32Array.of(1) };
    await writeSafetensors(file, [['old', one]]);
    await expect(writeSafetensors(file, [['a', { ...one, shape: [2] }]])).rejects.toThrow(
      /tensor a: shape \[2\] has 2 values, but 1/,
    );
    await expect(
      writeSafetensors(file, [
        ['a', one],
        ['a', one],
      ]),
    ).rejects.toThrow(/tensor a is given twice/);
    await expect(writeSafetensors(file, [['__metadata__', one]])).rejects.toThrow(SafetensorsError);
    expect([...(await readAll(file)).keys()]).toEqual(['old']);
  });
});

describe('hostile files', () => {
  it('are refused wherever they are cut off, and where something is added', async () => {
    await writeSafetensors(file, [
      ['a', { shape: [2, 1], data: Float32Array.of(1, 2) }],
      ['b', { shape: [], data: Float32Array.of(3) }],
    ]);
    const whole = await readFile(file);
    for (let length = 0; length < whole.length; length++) {
      await writeFile(file, whole.subarray(0, length));
      await expect(readAll(file), `cut at ${length}`).rejects.toThrow(SafetensorsError);
    }
    await writeFile(file, Buffer.concat([whole, Buffer.alloc(1)]));
    await expect(readAll(file)).rejects.toThrow(/something was added to its end/);
  });

  it.each<[string, unknown, number, RegExp]>([
    [
      'a shape larger than its bytes',
      { a: entry([3], 0, 8) },
      8,
      /tensor a: F32 \[3\] takes 12 bytes, but its data_offsets span 8/,
    ],
    ['a negative side', { a: entry([-2], 0, 8) }, 8, /tensor a: shape\.0: /],
    ['a fractional side', { a: entry([0.5], 0, 2) }, 2, /tensor a: shape\.0: /],
    [
      'sides whose product is beyond any file',
      { a: entry([2 ** 40, 2 ** 40], 0, 8) },
      8,
      /tensor a: .* takes/,
    ],
    ['offsets beyond the end', { a: entry([4], 0, 16) }, 8, /has \d+ bytes, expected \d+; it is cut short/],
    ['offsets backwards', { a: entry([2], 8, 0) }, 8, /data_offsets span -8/],
    ['negative offsets', { a: entry([2], -8, 0) }, 8, /data_offsets\.0/],
    ['offsets beyond whole numbers', { a: entry([2], 1e300, 1e300) }, 8, /data_offsets\.0/],
    ['one offset', { a: { dtype: 'F32', shape: [2], data_offsets: [0] } }, 8, /data_offsets/],
    [
      'overlapping tensors',
      { a: entry([2], 0, 8), b: entry([2], 4, 12) },
      12,
      /tensor b starts at byte \d+, expected/,
    ],
    ['the same bytes twice', { a: entry([2], 0, 8), b: entry([2], 0, 8) }, 8, /may not overlap/],
    ['a hole', { a: entry([1], 0, 4), b: entry([1], 8, 12) }, 12, /may not overlap or leave holes/],
    ['an unknown type', { a: entry([2], 0, 8, 'F31') }, 8, /tensor a: dtype is "F31", expected one of/],
    ['a type that is no text', { a: entry([2], 0, 8, 7) }, 8, /tensor a: dtype/],
    ['a tensor that is null', { a: null }, 0, /tensor a: /],
    ['a list as header', [], 0, /header is no JSON object/],
    ['half a header', '{"a":', 0, /header is no JSON object/],
  ])('are refused: %s', async (_, header, dataBytes, message) => {
    await writeRaw(header, dataBytes);
    await expect(readAll(file)).rejects.toThrow(message);
    await expect(readAll(file)).rejects.toThrow(SafetensorsError);
  });

  it.each([2n ** 64n - 1n, 2n ** 63n, 100_000_001n])('are refused: a header of %s bytes', async (length) => {
    await writeRaw('{}', 0, length);
    await expect(readAll(file)).rejects.toThrow(/says that its header has \d+ bytes/);
  });

  it('are refused: a header longer than the file, and one that is no UTF-8', async () => {
    await writeRaw('{}', 0, 3n);
    await expect(readAll(file)).rejects.toThrow(/expected a header up to byte 11; it is cut short/);
    await writeFile(file, Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xff, 0x22]));
    await expect(readAll(file)).rejects.toThrow(/header is no JSON object/);
  });

  it('are refused with a typed error, or read, whatever byte is changed', async () => {
    await writeSafetensors(file, [['a', { shape: [2], data: Float32Array.of(1, 2) }]]);
    const whole = await readFile(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(whole);
        changed[at] ^= flip;
        await writeFile(file, changed);
        await readAll(file).catch((error) => expect(error).toBeInstanceOf(SafetensorsError));
      }),
      { numRuns: 300 },
    );
  });

  it('are named where they are missing or no file', async () => {
    await expect(readAll(join(directory, 'none.safetensors'))).rejects.toThrow(
      /none\.safetensors: not found/,
    );
    await expect(readAll(directory)).rejects.toThrow(SafetensorsError);
  });
});
