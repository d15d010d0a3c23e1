// Changes model files at random and reads them: every one must be read, or refused with one line, in bounded time and
// memory. Needs the built package.  node bench/fuzz-model-files.mjs [MUTATIONS] [SEED]
// Prints what came of it and, last, "N passed, N failed"; a failure leaves its file behind.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@midtrain/curriculum';
import { selectBackend } from '@midtrain/kernels';
import {
  convertGguf,
  disposePolicy,
  loadAdapter,
  loadPolicy,
  loadTokenizer,
  MidtrainError,
  readModelConfig,
  readModelDirectory,
  readSafetensors,
  saveAdapter,
  withLora,
  writeSafetensors,
} from '../dist/index.js';

const MUTATIONS = Number(process.argv[2] ?? 100_000);
const SEED = Number(process.argv[3] ?? 1);
const SLOWEST_MS = 30_000;
const MAX_LINE = 1000;

const fixtures = (path) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
const random = seededRandom(SEED, 'mutations');
const below = (count) => Math.floor(random.next() * count);
const pick = (list) => list[below(list.length)];

const NUMBERS = [0, 1, -1, 2, 0.5, 255, 65_536, 1e9, 2 ** 31, 2 ** 32, 2 ** 53, 1e16, 1e308, -1e9];
const deep = (depth) => {
  let value = [];
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { pretokenizers: value, type: 'Sequence' };
  return value;
};
const VALUES = () =>
  pick([
    pick(NUMBERS),
    null,
    true,
    '',
    '../outside',
    '/etc/passwd',
    '__proto__',
    'a\nb\u2028c',
    'x'.repeat(below(20_000)),
    [],
    {},
    [1, 2, 3],
    Array.from({ length: below(2000) }, () => pick(NUMBERS)),
    deep(below(3000)),
    { type: pick(['Sequence', 'Split', 'Replace', 'ByteLevel', 'NFC', 'Strip', 'FixedLength']), length: 0 },
    { Regex: pick(['(a+)+$', '(', '(?:)', '\\p{L}{1,500}', '[', '(?<x>a)\\k<x>', '.*.*.*.*=', '\\']) },
    { String: '' },
  ]);

/** All places of a JSON value, as [holder, key]. */
function placesOf(value, places = []) {
  if (typeof value !== 'object' || value === null) return places;
  for (const key of Object.keys(value)) {
    places.push([value, key]);
    placesOf(value[key], places);
  }
  return places;
}

/** Changes a JSON text: values, keys, parts left out or put elsewhere. */
function mutateJson(text) {
  try {
    return Buffer.from(JSON.stringify(mutateValue(JSON.parse(text))));
  } catch (error) {
    // Too deep to be copied or written.
    if (error instanceof RangeError) return mutateBytes(Buffer.from(text));
    throw error;
  }
}

function mutateValue(json) {
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const places = placesOf(json);
    if (places.length === 0) break;
    const [holder, key] = pick(places);
    const [other, otherKey] = pick(places);
    const way = below(5);
    if (way === 0) delete holder[key];
    else if (way === 1) holder[key] = structuredClone(other[otherKey]);
    else if (way === 2 && typeof holder[key] === 'number') holder[key] = pick(NUMBERS);
    else if (way === 3 && !Array.isArray(holder))
      holder[pick(['__proto__x', 'type', 'x', '../y', ''])] = VALUES();
    else holder[key] = VALUES();
  }
  return json;
}

/** Changes bytes: flips, extremes, counts of 32 and 64 bits, parts cut out, doubled or cut off. */
function mutateBytes(bytes) {
  let out = Buffer.from(bytes);
  for (let changes = 1 + below(4); changes > 0 && out.length > 16; changes--) {
    const at = below(out.length);
    const way = below(8);
    if (way === 0) out[at] ^= 1 << below(8);
    else if (way === 1) out[at] = pick([0, 1, 0x7f, 0x80, 0xff]);
    else if (way === 2)
      out.writeUInt32LE(pick([0, 1, 9, 0x7fffffff, 0xffffffff]), Math.min(at, out.length - 4));
    else if (way === 3)
      out.writeBigUInt64LE(
        pick([0n, 1n, 1n << 20n, 1n << 32n, 1n << 53n, (1n << 64n) - 1n]),
        Math.min(at, out.length - 8),
      );
    else if (way === 4) out = out.subarray(0, at);
    else if (way === 5)
      out = Buffer.concat([out.subarray(0, at), out.subarray(Math.min(out.length, at + below(64)))]);
    else if (way === 6) out = Buffer.concat([out.subarray(0, at), out.subarray(Math.max(0, at - below(64)))]);
    else out.fill(pick([0, 0xff]), at, Math.min(out.length, at + below(32)));
  }
  return out;
}

const either = (bytes) => (below(2) ? mutateJson(bytes.toString('utf8')) : mutateBytes(bytes));
/** The header of a safetensors file changed as JSON, its length kept true. */
function mutateHeader(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = mutateJson(bytes.subarray(8, 8 + length).toString('utf8'));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([prefix, header, bytes.subarray(8 + length)]);
}
/** GGUF's counts and lengths stand in its first kilobytes. */
const mutateGguf = (bytes) =>
  below(4)
    ? Buffer.concat([mutateBytes(bytes.subarray(0, below(2) ? 400 : 7000)), bytes.subarray(7000)])
    : mutateBytes(bytes);

async function readAll(tensors) {
  for await (const [, { data }] of tensors)
    if (data.length > 1e7) throw new Error('a tensor beyond its file');
}

const TEXT = "in the 12 th' \u00e9\ud83d\ude00 <|end|>aaaaaaaaaaaaaaaaaaaaaaaaaaaa=";
const small = join(folder, 'small.safetensors');
await writeSafetensors(small, {
  a: { shape: [2, 3], data: new Float32Array(6) },
  b: { shape: [4], data: new Float32Array(4) },
});
await convertGguf(fixtures('gguf/tiny.gguf'), join(folder, 'model'));
const inModel = (name) => readFileSync(join(folder, 'model', name));
/** A model with one file changed. */
const model = (name) => {
  const directory = join(folder, `with-${name}`);
  cpSync(join(folder, 'model'), directory, { recursive: true });
  return { directory, file: join(directory, name) };
};
const config = model('config.json');
const generation = model('generation_config.json');
const tokenizer = model('tokenizer.json');
const sharded = model('model.safetensors.index.json');
const names = Object.keys(
  JSON.parse(
    inModel('model.safetensors').subarray(8, 8 + Number(inModel('model.safetensors').readBigUInt64LE(0))),
  ),
).filter((name) => name !== '__metadata__');
cpSync(join(sharded.directory, 'model.safetensors'), join(sharded.directory, 'model-1.safetensors'));
rmSync(join(sharded.directory, 'model.safetensors'));
const index = Buffer.from(
  JSON.stringify({
    metadata: {},
    weight_map: Object.fromEntries(names.map((name) => [name, 'model-1.safetensors'])),
  }),
);

await selectBackend({ backend: 'wasm' });
const base = await loadPolicy(join(folder, 'model'));
const adapter = join(folder, 'adapter');
await saveAdapter(withLora(base, { rank: 2 }, SEED), adapter);
const inAdapter = (name) => readFileSync(join(adapter, name));
/** Loads the adapter onto the base, which stays. */
async function readAdapter(directory) {
  const { config, parameters } = await loadAdapter(directory, base);
  disposePolicy({ config, parameters });
}
/** The adapter with one file changed. */
const adapterWith = (name) => {
  const directory = join(folder, `adapter-with-${name}`);
  cpSync(adapter, directory, { recursive: true });
  return { directory, file: join(directory, name) };
};
const adapterConfig = adapterWith('adapter_config.json');
const adapterWeights = adapterWith('adapter_model.safetensors');

/** What is changed, how, and what reads it; shares add up to 1. */
const TARGETS = [
  {
    name: 'safetensors',
    share: 0.25,
    file: small,
    base: readFileSync(small),
    mutate: (b) => (below(2) ? mutateHeader(b) : mutateBytes(b)),
    read: () => readAll(readSafetensors(small)),
  },
  {
    name: 'config.json',
    share: 0.1,
    file: config.file,
    base: inModel('config.json'),
    mutate: either,
    read: () => readModelConfig(config.directory),
  },
  {
    name: 'generation_config.json',
    share: 0.05,
    file: generation.file,
    base: inModel('generation_config.json'),
    mutate: either,
    read: () => readModelDirectory(generation.directory),
  },
  {
    name: 'model.safetensors.index.json',
    share: 0.1,
    file: sharded.file,
    base: index,
    mutate: either,
    read: async () => readAll((await readModelDirectory(sharded.directory)).tensors()),
  },
  {
    name: 'tokenizer.json',
    share: 0.15,
    file: tokenizer.file,
    base: inModel('tokenizer.json'),
    mutate: either,
    async read() {
      const loaded = await loadTokenizer(tokenizer.directory);
      const ids = loaded.encode(TEXT);
      if (ids.every((id) => id !== undefined && id < 264)) loaded.decode(ids, { skipSpecialTokens: true });
    },
  },
  {
    name: 'adapter_config.json',
    share: 0.07,
    file: adapterConfig.file,
    base: inAdapter('adapter_config.json'),
    mutate: either,
    read: () => readAdapter(adapterConfig.directory),
  },
  {
    name: 'adapter_model.safetensors',
    share: 0.03,
    file: adapterWeights.file,
    base: inAdapter('adapter_model.safetensors'),
    mutate: (b) => (below(2) ? mutateHeader(b) : mutateBytes(b)),
    read: () => readAdapter(adapterWeights.directory),
  },
  ...['tiny.gguf', 'tiny-rope.gguf'].map((name) => ({
    name,
    share: 0.125,
    file: join(folder, 'changed.gguf'),
    base: readFileSync(fixtures(`gguf/${name}`)),
    mutate: mutateGguf,
    read: () => convertGguf(join(folder, 'changed.gguf'), join(folder, 'converted')),
  })),
];

let passed = 0;
let failed = 0;
for (const { name, share, file, base, mutate, read } of TARGETS) {
  const count = Math.round(MUTATIONS * share);
  const outcome = { read: 0, refused: 0, slowest: 0 };
  const lines = new Set();
  for (let i = 0; i < count; i++) {
    const bytes = mutate(base);
    writeFileSync(file, bytes);
    const started = performance.now();
    let problem;
    try {
      await read();
      outcome.read++;
    } catch (error) {
      outcome.refused++;
      const line = String(error?.message);
      lines.add(line.replace(/\d+|"[^"]*"/g, '#').slice(0, 120));
      if (!(error instanceof MidtrainError)) problem = `${error?.stack}`;
      else if (line.length > MAX_LINE || /[\n\r\u2028\u2029]/.test(line))
        problem = `no single line: ${line.slice(0, 300)}`;
    }
    const took = performance.now() - started;
    outcome.slowest = Math.max(outcome.slowest, took);
    if (took > SLOWEST_MS) problem ??= `took ${Math.round(took)} ms`;
    if (problem === undefined) passed++;
    else {
      failed++;
      const kept = join(tmpdir(), `fuzz-failure-${failed}-${name}`);
      mkdirSync(tmpdir(), { recursive: true });
      writeFileSync(kept, bytes);
      if (failed <= 10) console.log(`FAILED ${name}: ${kept}: ${problem}`);
    }
  }
  console.log(
    `${name}: ${count} changed, ${outcome.read} read, ${outcome.refused} refused in ${lines.size} kinds of lines, slowest ${outcome.slowest.toFixed(0)} ms`,
  );
}
rmSync(folder, { recursive: true, force: true });
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB (seed ${SEED})`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
