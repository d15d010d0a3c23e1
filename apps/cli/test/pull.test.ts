import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from './support/cli.js';
import { type FakeRepository, startFakeHub } from './support/fake-hub.js';
import { temporaryFolder } from './support/temporary-folder.js';

const folder = await temporaryFolder();

const bytes = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * seed + seed) & 255);
const text = (content: string) => new TextEncoder().encode(content);

const FILES = new Map([
  ['README.md', text('# A model')],
  ['config.json', text('{"model_type":"llama"}')],
  ['tokenizer.json', text('{"model":{}}')],
  ['tokenizer_config.json', text('{}')],
  ['model-00001-of-00002.safetensors', bytes(300_000, 3)],
  ['model-00002-of-00002.safetensors', bytes(120_000, 5)],
  ['model.safetensors.index.json', text('{"weight_map":{}}')],
  ['original/model.safetensors', bytes(10, 1)],
  ['pytorch_model.bin', bytes(10, 2)],
]);
const WANTED = [...FILES.keys()].filter((path) => !/README|original|pytorch/.test(path)).sort();
const model = (changes: Partial<FakeRepository> = {}): FakeRepository => ({
  files: FILES,
  large: new Set([...FILES.keys()].filter((path) => path.endsWith('.safetensors'))),
  ...changes,
});

const pull = (endpoint: string, out: string, ...more: readonly string[]) =>
  runCli(['pull', 'team/model', '--endpoint', endpoint, '--out', out, ...more], folder);

async function expectWhole(out: string): Promise<void> {
  expect((await readdir(join(folder, out))).sort()).toEqual(WANTED);
  for (const path of WANTED) {
    expect(Buffer.compare(await readFile(join(folder, out, path)), FILES.get(path) as Uint8Array)).toBe(0);
  }
}

describe('midtrain pull', { timeout: 30_000 }, () => {
  test('fetches what a model needs, the configuration last, and nothing a second time', async () => {
    const { endpoint, asked } = await startFakeHub(model());
    const done = await pull(endpoint, 'whole', '--json');
    expect(done.stderr).not.toContain('error');
    await expectWhole('whole');
    expect(asked.at(-1)?.path).toBe('config.json');
    const { files } = JSON.parse(done.stdout);
    expect(files.map(({ path }: { readonly path: string }) => path).sort()).toEqual(WANTED);
    const before = asked.length;
    const again = JSON.parse((await pull(endpoint, 'whole', '--json')).stdout);
    expect(asked.length).toBe(before);
    expect(again.files.every(({ arrival }: { readonly arrival: string }) => arrival === 'kept')).toBe(true);
  });

  test('goes on within a run where the connection broke', async () => {
    const breaks = new Map([['model-00001-of-00002.safetensors', [100_000, 50_000]]]);
    const { endpoint, asked } = await startFakeHub(model({ breaks }));
    expect((await pull(endpoint, 'broken')).status).toBe(0);
    await expectWhole('broken');
    const starts = asked.filter(({ path }) => path.includes('00001')).map(({ from }) => from);
    expect(starts.length).toBe(3);
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBeGreaterThan(0);
    expect(starts[2]).toBeGreaterThan(starts[1]);
  });

  test('goes on with what an earlier run left, when nothing more comes', async () => {
    const breaks = new Map([['model-00001-of-00002.safetensors', [90_000, 0, 0, 0, 0, 0]]]);
    const { endpoint, asked } = await startFakeHub(model({ breaks }));
    const stopped = await pull(endpoint, 'later');
    expect([stopped.status, stopped.stdout]).toEqual([1, '']);
    expect(stopped.stderr).toMatch(/error: .*run again to go on/);
    expect(await readdir(join(folder, 'later'))).not.toContain('config.json');
    breaks.clear();
    expect((await pull(endpoint, 'later')).status).toBe(0);
    await expectWhole('later');
    expect(asked.filter(({ path }) => path.includes('00001')).at(-1)?.from).toBeGreaterThan(0);
  });

  test('refuses content of another hash, and leaves nothing of it', async () => {
    const list = (entry: Record<string, unknown>) =>
      entry.path === 'model-00002-of-00002.safetensors'
        ? { ...entry, lfs: { ...(entry.lfs as object), oid: 'a'.repeat(64) } }
        : entry;
    const { endpoint } = await startFakeHub(model({ list }));
    const { status, stderr } = await pull(endpoint, 'forged');
    expect(status).toBe(1);
    expect(stderr).toContain('error: model-00002-of-00002.safetensors: its sha256 is not the one');
    const left = await readdir(join(folder, 'forged'));
    expect(left.filter((name) => /00002-of|config\.json$/.test(name))).toEqual(['tokenizer_config.json']);
  });

  test('replaces a file that is there but wrong, small ones by Git’s own hash', async () => {
    const { endpoint } = await startFakeHub(model());
    await mkdir(join(folder, 'stale'));
    await writeFile(join(folder, 'stale', 'tokenizer.json'), '{"model":[]}');
    expect((await pull(endpoint, 'stale')).status).toBe(0);
    await expectWhole('stale');
  });

  test('refuses a size that is not the one listed', async () => {
    const list = (entry: Record<string, unknown>) =>
      entry.path === 'tokenizer.json' ? { ...entry, size: 11 } : entry;
    const { endpoint } = await startFakeHub(model({ list }));
    const { status, stderr } = await pull(endpoint, 'size');
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('tokenizer.json: the hub lists 11 bytes but offers 12'),
    ]);
  });

  test.each(['../outside.json', '/etc/outside', 'a/../../outside', 'a\\..\\outside', 'C:outside'])(
    'refuses a list with %s, and writes nothing',
    async (path) => {
      const { endpoint } = await startFakeHub(model({ files: new Map([...FILES, [path, text('{}')]]) }));
      const { status, stderr } = await pull(endpoint, 'outside');
      expect(status).toBe(2);
      expect(stderr).toMatch(/^error: team\/model: lists a file ".*", expected paths inside the repository/);
      await expect(readdir(join(folder, 'outside'))).rejects.toThrow('ENOENT');
    },
  );

  test.each(['page', 'pages'] as const)('gives up on a list of endless %s', async (endlessList) => {
    const { endpoint } = await startFakeHub(model({ endlessList }));
    const { status, stderr } = await pull(endpoint, 'endless');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: team\/model: lists more than 20000 files; it is no model\n$/);
    await expect(readdir(join(folder, 'endless'))).rejects.toThrow('ENOENT');
  });

  test('fetches one GGUF file where there are no safetensors, and asks which of several', async () => {
    const files = new Map([
      ['README.md', text('#')],
      ['small-Q4_K.gguf', bytes(1000, 1)],
      ['small-Q8_0.gguf', bytes(2000, 2)],
    ]);
    const { endpoint } = await startFakeHub({ files, large: new Set() });
    const asked = await pull(endpoint, 'gguf');
    expect(asked.status).toBe(2);
    expect(asked.stderr).toContain('--file: small-Q4_K.gguf, small-Q8_0.gguf');
    const done = await pull(endpoint, 'gguf', '--file', 'small-Q8_0.gguf');
    expect(done.stdout).toContain('midtrain convert');
    expect(await readdir(join(folder, 'gguf'))).toEqual(['small-Q8_0.gguf']);
  });

  test.each([
    [
      'a missing repository',
      ['pull', 'team/none'],
      /team\/none: no such repository or revision \(main\) at http/,
    ],
    ['a missing revision', ['pull', 'team/model', '--revision', 'v9'], /revision \(v9\)/],
    [
      'a name that is none',
      ['pull', '../model'],
      /repository: is "\.\.\/model", expected organisation\/name/,
    ],
  ])('names %s in one line', async (_, args, says) => {
    const { endpoint } = await startFakeHub(model());
    const { status, stderr } = await runCli([...args, '--endpoint', endpoint], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n').length).toBe(1);
  });

  test('says where nothing answers', async () => {
    const { status, stderr } = await pull('http://127.0.0.1:9', 'nowhere');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: http:\/\/127\.0\.0\.1:9: cannot be reached, or is no hub \(.*\); run again/,
    );
    expect((await pull('ftp://there', 'nowhere')).status).toBe(2);
  });
});
