// The midtrain side of peft.sh. Needs built packages.
//   node scripts/interop/adapters.mjs write FOLDER   FOLDER/<case>/base, and for each case of ours adapter/, merged/ and
//                                                    ours.json: log-probabilities with the adapter and merged
//   node scripts/interop/adapters.mjs read FOLDER    ours.json for each case whose adapter PEFT wrote
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { SHAPE } from './lib/shape.mjs';

const MODEL = { ...SHAPE, vocabularySize: 96, eosTokenIds: [2] };

const FAMILIES = {
  llama: { family: 'llama', headDim: 16, attentionBias: false, tieWordEmbeddings: false },
  qwen2: { family: 'qwen2', headDim: 12, attentionBias: true, tieWordEmbeddings: true },
  qwen3: { family: 'qwen3', headDim: 16, attentionBias: false, tieWordEmbeddings: true },
};

/** Adapters that midtrain makes; `lora` absent: PEFT makes it, as check_peft.py says. */
const CASES = {
  'llama-all': { family: 'llama', lora: { rank: 4, alpha: 12, dropout: 0.1 } },
  'qwen2-rslora': { family: 'qwen2', lora: { rank: 5, alpha: 7, rsLora: true } },
  'qwen3-some': {
    family: 'qwen3',
    lora: { rank: 3, targetModules: ['layers.0.self_attn.q_proj', 'o_proj', 'mlp.down_proj'] },
  },
  'llama-head': { family: 'llama', lora: { rank: 3, targetModules: ['lm_head', 'v_proj'] } },
  'qwen2-tied-head': { family: 'qwen2', lora: { rank: 3, targetModules: ['lm_head', 'up_proj'] } },
  'llama-by-peft': { family: 'llama' },
  'qwen2-rslora-by-peft': { family: 'qwen2' },
  'qwen3-pattern-by-peft': { family: 'qwen3' },
  'llama-head-by-peft': { family: 'llama' },
};

const TOKENS = Int32Array.from({ length: 40 }, (_, i) => (17 * i + 5) % MODEL.vocabularySize);

/** The packages as the command sees them. */
const { resolve } = createRequire(join(root, 'apps', 'cli', 'package.json'));
const load = (name) => import(resolve(name).replace(/\.cjs$/, '.js'));
const { seededRandom } = await load('@midtrain/curriculum');
const { selectBackend } = await load('@midtrain/kernels');
const { initialisePolicy, loadPolicy, mergeLora, readTrunk, savePolicy, withLora } =
  await load('@midtrain/core');

/** Adds noise where weights start at 0 or 1, and a mistake would not show. */
async function disturb({ parameters }, pattern, scale) {
  const random = seededRandom(1, String(pattern));
  for (const [name, parameter] of Object.entries(parameters)) {
    if (!pattern.test(name)) continue;
    const values = (await parameter.data()).map((value) => value + scale * (random.next() - 0.5));
    parameter.assign(parameter.flatten().mul(0).add(values).reshape(parameter.shape));
  }
}

async function logProbsOf(policy) {
  const trunk = await readTrunk(policy, [TOKENS]);
  trunk.dispose();
  return [...trunk.readings[0].logProbs.subarray(1)];
}

/** What midtrain computes with a case's adapter, and with the model that it is merged into. */
async function compute(folder) {
  const policy = await loadPolicy(join(folder, 'adapter'), { baseDirectory: join(folder, 'base') });
  const base = await logProbsOf(policy.lora.base);
  const adapted = await logProbsOf(policy);
  const merged = mergeLora(policy);
  const result = { tokenIds: [...TOKENS], base, adapted, merged: await logProbsOf(merged) };
  await savePolicy(merged, join(folder, 'merged'));
  writeFileSync(join(folder, 'ours.json'), JSON.stringify(result));
}

async function write(folder, { family, lora }, seed) {
  const base = initialisePolicy({ ...MODEL, ...FAMILIES[family] }, seed);
  await disturb(base, /(norm\.weight|\.bias)$/, 0.6);
  mkdirSync(folder, { recursive: true });
  await savePolicy(base, join(folder, 'base'));
  if (!lora) return;
  const policy = withLora(base, lora, seed);
  await disturb(policy, /lora_B/, 0.4);
  await savePolicy(policy, join(folder, 'adapter'), { baseDirectory: join(folder, 'base') });
  await compute(folder);
}

const [mode, folder] = process.argv.slice(2);
if (!['write', 'read'].includes(mode) || !folder) {
  console.error('usage: node scripts/interop/adapters.mjs write|read FOLDER');
  process.exit(2);
}
const backend = await selectBackend();
if (mode === 'write') {
  for (const [seed, [name, one]] of Object.entries(CASES).entries())
    await write(join(folder, name), one, seed);
} else {
  for (const name of readdirSync(folder)) {
    if (CASES[name].lora) continue;
    const { target_modules } = JSON.parse(
      readFileSync(join(folder, name, 'adapter', 'adapter_config.json'), 'utf8'),
    );
    console.log(`reading ${name}, target_modules ${JSON.stringify(target_modules)}`);
    await compute(join(folder, name));
  }
}
await backend.close();
