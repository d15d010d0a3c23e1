import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MidtrainError } from '../errors.js';
import { convertGguf } from './convert-gguf.js';
import { GgufError } from './gguf-error.js';

const folder = await mkdtemp(join(tmpdir(), 'hostile-gguf-'));
afterAll(() => rm(folder, { recursive: true }));
const file = join(folder, 'model.gguf');
const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/gguf/${name}`, import.meta.url));
const TINY = await readFile(fixture('tiny.gguf'));
const TINY_ROPE = await readFile(fixture('tiny-rope.gguf'));
/** Of tiny-rope.gguf, where its tensors begin. */
const DATA_START = 4928;

const u16 = (value: number) => Buffer.from([value & 255, value >> 8]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number | bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const header = (tensors: number | bigint, keys: number | bigint, ...parts: readonly Buffer[]) =>
  Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors), u64(keys), ...parts]);

const UINT8 = 0;
const UINT16 = 2;
const UINT32 = 4;
const STRING = 8;
const ARRAY = 9;
const HUGE = 2n ** 64n - 1n;
const tensor = (name: string, shape: readonly (number | bigint)[], type: number, offset: number | bigint) =>
  Buffer.concat([text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)]);

/** The model with rotary factors, but with so many of them, which lie behind all else. */
function withFactors(count: number): Buffer {
  const changed = Buffer.from(TINY_ROPE);
  const name = text('rope_freqs.weight');
  const side = changed.indexOf(name) + name.length + 4;
  changed.writeBigUInt64LE(BigInt(count), side);
  // Behind the side stand the type and the place.
  changed.writeBigUInt64LE(BigInt(changed.length - DATA_START), side + 12);
  return Buffer.concat([changed, Buffer.alloc(4 * count)]);
}

const CASES: readonly (readonly [name: string, content: Buffer, says: RegExp])[] = [
  ['nothing', Buffer.alloc(0), /does not start with GGUF/],
  ['another kind', Buffer.from('PK\u0003\u0004 and more of it'), /does not start with GGUF/],
  ['the start alone', Buffer.from('GGUF'), /cut short or damaged/],
  [
    'another version',
    Buffer.concat([Buffer.from('GGUF'), u32(9), u64(0), u64(0)]),
    /is of version 9, expected 2 or 3/,
  ],
  [
    'big-endian numbers',
    Buffer.from('GGUF\0\0\0\u0003\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'),
    /version 50331648, expected 2 or 3 in little/,
  ],
  ['2^64 tensors', header(HUGE, 0), /says that it has 18446744073709552000 tensors, expected at most/],
  ['2^64 keys', header(0, HUGE), /metadata keys, expected at most/],
  ['a million keys of nothing', header(0, 4096, Buffer.alloc(100)), /cut short|comes twice/],
  [
    'a name of 2^60 bytes',
    header(0, 1, u64(2n ** 60n)),
    /bytes in the name of a metadata key, expected at most 1024/,
  ],
  [
    'a text of 4 GB',
    header(0, 1, text('a'), u32(STRING), u64(2 ** 32)),
    /bytes in metadata a, expected at most/,
  ],
  [
    'a text beyond the end',
    header(0, 1, text('a'), u32(STRING), u64(1000)),
    /ends at byte \d+, expected its header to go on/,
  ],
  [
    'a list of a billion',
    header(0, 1, text('a'), u32(ARRAY), u32(UINT8), u64(1e9)),
    /values in a, expected at most 1000000/,
  ],
  [
    'many long lists',
    header(
      0,
      5,
      ...'abcde'
        .split('')
        .map((key) =>
          Buffer.concat([text(key), u32(ARRAY), u32(UINT8), u64(600_000), Buffer.alloc(600_000)]),
        ),
    ),
    /metadata has more than 2500000 values/,
  ],
  [
    'lists of lists',
    header(0, 1, text('a'), u32(ARRAY), u32(ARRAY), u64(9), Buffer.alloc(999)),
    /array of arrays/,
  ],
  ['an unknown type', header(0, 1, text('a'), u32(77), u64(9)), /metadata a has type 77/],
  [
    'a key twice',
    header(0, 2, text('a'), u32(UINT32), u32(1), text('a'), u32(UINT32), u32(1)),
    /metadata a comes twice/,
  ],
  ['a name over lines', header(0, 1, text('a\nb\u2028c'), u32(77)), /metadata a b c has type 77/],
  [
    'a tensor of many dimensions',
    header(1, 0, text('t'), u32(2 ** 31)),
    /tensor t: has 2147483648 dimensions/,
  ],
  [
    'a tensor of another type',
    header(1, 0, tensor('t', [32], 99, 0)),
    /tensor t: type is 99, expected one of F32/,
  ],
  [
    'rows of broken blocks',
    header(1, 0, tensor('t', [33, 2], 8, 0)),
    /tensor t: shape is \[2, 33\], expected rows of whole Q8_0 blocks/,
  ],
  [
    'a shape that overflows',
    header(1, 0, tensor('t', [2 ** 31, 2 ** 31, 2 ** 31], 0, 0)),
    /tensor t: shape is/,
  ],
  ['a side of 2^64', header(1, 0, tensor('t', [HUGE], 0, 0)), /cannot be read as GGUF|tensor t/],
  ['an offset of 2^64', header(1, 0, tensor('t', [32], 0, HUGE)), /tensor t up to byte/],
  [
    'tensors that overlap',
    header(2, 0, tensor('t', [32], 0, 0), tensor('u', [32], 0, 64), Buffer.alloc(999)),
    /tensor u starts at byte \d+, inside the one before/,
  ],
  [
    'a tensor twice',
    header(2, 0, tensor('t', [32], 0, 0), tensor('t', [32], 0, 128), Buffer.alloc(999)),
    /tensor t comes twice/,
  ],
  [
    'too few rotary factors',
    withFactors(4),
    /tensor rope_freqs\.weight: shape is \[4\], expected \[8\], a factor for each pair of a head's 16 dimensions/,
  ],
  [
    'millions of rotary factors',
    withFactors(1 << 22),
    /rope_freqs\.weight: shape is \[4194304\], expected \[8\]/,
  ],
  ['rotary factors of nothing', withFactors(8), /rope_freqs\.weight does not hold the factors/],
  ['data cut off', TINY.subarray(0, TINY.length - 1), /expected tensor .* up to byte \d+; it is cut short/],
  [
    'an alignment of 3',
    header(0, 1, text('general.alignment'), u32(UINT32), u32(3)),
    /general\.alignment is 3, expected a power of two/,
  ],
  ['no architecture', header(0, 0), /metadata general\.architecture is missing/],
  [
    'another architecture',
    header(0, 1, text('general.architecture'), u32(STRING), text('mamba')),
    /general\.architecture is "mamba", expected llama/,
  ],
  [
    'a part of a model',
    header(
      0,
      2,
      text('general.architecture'),
      u32(STRING),
      text('llama'),
      text('split.count'),
      u32(UINT16),
      u16(3),
    ),
    /is one of 3 files of a model, expected one with all of it/,
  ],
];

describe('a hostile GGUF file gets one line: ', () => {
  it.each(CASES)(
    '%s',
    async (_, content, says) => {
      await writeFile(file, content);
      const converting = convertGguf(file, join(folder, 'out'));
      await expect(converting).rejects.toThrow(GgufError);
      await expect(converting).rejects.toThrow(says);
      await expect(converting).rejects.toThrow(/^.{1,700}$/);
      expect(await readdir(folder)).not.toContain('out');
    },
    30_000,
  );

  it('a folder, or a pipe that never ends', async () => {
    await expect(convertGguf(folder, join(folder, 'out'))).rejects.toThrow(/is no plain file/);
    await expect(convertGguf('/dev/zero', join(folder, 'out'))).rejects.toThrow(/is no plain file|not found/);
  });

  it.each([
    ['file', TINY],
    ['file with rotary factors', TINY_ROPE],
  ])(
    'whatever bytes of a whole %s are changed, if it is not read',
    async (_, whole) => {
      const places = fc.array(
        fc.tuple(fc.nat(whole.length - 1), fc.constantFrom(0, 1, 4, 8, 9, 0x7f, 0x80, 0xff)),
        { minLength: 1, maxLength: 4 },
      );
      await fc.assert(
        fc.asyncProperty(places, fc.boolean(), async (changes, early) => {
          const changed = Buffer.from(whole);
          for (const [at, value] of changes) changed[early ? at % 600 : at] = value;
          await writeFile(file, changed);
          const problem: unknown = await convertGguf(file, join(folder, 'changed')).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (problem === undefined) return;
          expect(problem).toBeInstanceOf(MidtrainError);
          expect((problem as Error).message).toMatch(/^.{1,700}$/);
        }),
        { numRuns: 100, seed: 3 },
      );
    },
    120_000,
  );
});
