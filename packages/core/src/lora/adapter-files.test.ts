import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import type { NamedTensor } from '../model-files/named-tensor.js';
import { readSafetensors } from '../model-files/read-safetensors.js';
import { writeSafetensors } from '../model-files/write-safetensors.js';
import { loadPolicy } from '../policy/load-policy.js';
import { disposePolicy, headWeight, type Policy, weightsOf } from '../policy/policy.js';
import { savePolicy } from '../policy/save-policy.js';
import { loadAdapter } from './load-adapter.js';
import { LoraError } from './lora-error.js';
import { withLora } from './with-lora.js';

const FIXTURE = fileURLToPath(new URL('../../fixtures/qwen3', import.meta.url));
const Q = 'base_model.model.model.layers.0.self_attn.q_proj';

let folder: string;
let adapter: string;
beforeAll(async () => {
  await startBackend();
  folder = await mkdtemp(join(tmpdir(), 'adapter-'));
  await cp(FIXTURE, join(folder, 'base'), { recursive: true });
  await rm(join(folder, 'base', 'lora'), { recursive: true });
  adapter = join(folder, 'adapter');
});
afterAll(() => rm(folder, { recursive: true }));

type Json = Record<string, unknown>;

/** Puts the fixture's adapter beside its base, with changes. */
async function place(changes: Json, tensors?: (all: Map<string, NamedTensor>) => void): Promise<string> {
  await rm(adapter, { recursive: true, force: true });
  await mkdir(adapter);
  const json: Json = JSON.parse(await readFile(join(FIXTURE, 'lora', 'adapter_config.json'), 'utf8'));
  await writeFile(
    join(adapter, 'adapter_config.json'),
    JSON.stringify({ ...json, base_model_name_or_path: '../base', ...changes }),
  );
  const all = new Map<string, NamedTensor>();
  for await (const [name, tensor] of readSafetensors(join(FIXTURE, 'lora', 'adapter_model.safetensors')))
    all.set(name, tensor);
  tensors?.(all);
  await writeSafetensors(join(adapter, 'adapter_model.safetensors'), all);
  return adapter;
}

const failure = (directory: string) =>
  loadPolicy(directory).then(
    () => expect.fail('it was loaded'),
    (error: Error) => error,
  );

describe('an adapter’s configuration', () => {
  it.each<[string, Json, string]>([
    ['another kind', { peft_type: 'IA3' }, 'peft_type: is "IA3", expected \'LORA\''],
    ['DoRA', { use_dora: true }, 'use_dora: is true, expected it to be off'],
    [
      'ranks of its own',
      { rank_pattern: { q_proj: 2 } },
      'rank_pattern: is {"q_proj":2}, expected it to be off',
    ],
    ['trained biases', { bias: 'all' }, "bias: expected 'none'"],
    ['other modules', { modules_to_save: ['embed_tokens'] }, 'modules_to_save: is ["embed_tokens"]'],
    ['a start that changes the base', { init_lora_weights: 'pissa' }, 'init_lora_weights: is "pissa"'],
    ['what is not known', { use_future: { on: 1 } }, 'use_future: is {"on":1}, expected it to be off'],
    ['no rank', { r: 0 }, 'r: '],
    ['no targets', { target_modules: 7 }, 'target_modules: expected a list'],
  ])('is refused with %s', async (_, changes, message) => {
    const error = await failure(await place(changes));
    expect(error).toBeInstanceOf(LoraError);
    expect(error.message).toContain(`adapter_config.json: ${message}`);
    expect(error.message).not.toContain('\n');
  });

  it.each<[string, Json]>([
    [
      'a list that also names what other models have',
      {
        target_modules: [
          'q_proj',
          'k_proj',
          'v_proj',
          'o_proj',
          'gate_proj',
          'up_proj',
          'down_proj',
          'c_attn',
        ],
      },
    ],
    ['all linear layers', { target_modules: 'all-linear' }],
    ['a pattern, even one without an end', { target_modules: '(a+)+$' }],
  ])('may name %s', async (_, changes) => {
    const policy = await loadPolicy(await place(changes));
    expect(Object.keys(policy.parameters)).toHaveLength(28);
    const copy = join(folder, 'copy');
    await savePolicy(policy, copy, { baseDirectory: join(folder, 'base') });
    expect(Object.keys((await loadPolicy(copy)).parameters)).toEqual(Object.keys(policy.parameters));
    disposePolicy(policy);
  });
});

describe('an adapter’s base', () => {
  it.each<[string, unknown, string]>([
    ['not named', null, 'is missing; give the directory'],
    ['a repository', 'Qwen/Qwen3-0.6B', 'is "Qwen/Qwen3-0.6B", where no model is'],
    ['elsewhere by an absolute path', '/etc', "expected a path relative to the adapter's folder"],
    ['on another machine', '\\\\host\\share', 'expected a path relative'],
    ['outside, where no model is', '../../..', 'where no model is'],
    ['the adapter itself', '.', 'where no model is'],
  ])('is refused: %s', async (_, base, message) => {
    const error = await failure(await place({ base_model_name_or_path: base }));
    expect(error).toBeInstanceOf(LoraError);
    expect(error.message).toMatch(/^\S+adapter_config\.json: base_model_name_or_path: /);
    expect(error.message).toContain(message);
  });

  it('may not be an adapter, which would have no end', async () => {
    await place({ base_model_name_or_path: '.' });
    await cp(join(folder, 'base', 'config.json'), join(adapter, 'config.json'));
    expect((await failure(adapter)).message).toContain('an adapter itself');
    const base = await loadPolicy(join(folder, 'base'));
    await expect(loadAdapter(adapter, withLora(base, {}, 1))).rejects.toThrow('has an adapter already');
  });

  it.each(['someone/something', '../../nowhere', '/etc', null])(
    'can be given instead of %j, which is not followed',
    async (named) => {
      const policy = await loadPolicy(await place({ base_model_name_or_path: named }), {
        baseDirectory: join(folder, 'base'),
      });
      expect(policy.lora?.settings).toMatchObject({ rank: 4, alpha: 8 });
      disposePolicy(policy);
    },
  );
});

describe('an adapter’s weights', () => {
  it.each<[string, (all: Map<string, NamedTensor>) => void, string]>([
    [
      'a missing matrix',
      (all) => all.delete(`${Q}.lora_B.weight`),
      `${Q}.lora_B.weight: is missing, expected [96, 4]`,
    ],
    [
      'another shape',
      (all) => all.set(`${Q}.lora_A.weight`, { shape: [2, 64], data: new Float32Array(128) }),
      `${Q}.lora_A.weight: is [2, 64], expected [4, 64]`,
    ],
    [
      'something else',
      (all) => all.set('base_model.model.model.norm.weight', { shape: [64], data: new Float32Array(64) }),
      'base_model.model.model.norm.weight: is there',
    ],
    ['nothing', (all) => all.clear(), `${Q}.lora_A.weight: is missing`],
  ])('are refused with %s, and nothing stays in memory', async (_, change, message) => {
    await place({}, change);
    const before = tf.memory().numTensors;
    const error = await failure(adapter);
    expect(error).toBeInstanceOf(LoraError);
    expect(error.message).toContain(`adapter_model.safetensors: ${message}`);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of the head come with PEFT’s copy of it, which must be the base’s', async () => {
    const base = tinyPolicy(1, { tieWordEmbeddings: false });
    await savePolicy(base, join(folder, 'tiny'));
    const made = withLora(base, { rank: 2, targetModules: ['lm_head'] }, 1);
    await savePolicy(made, join(folder, 'head'), { baseDirectory: join(folder, 'tiny') });
    const file = join(folder, 'head', 'adapter_model.safetensors');
    const head = headWeight(made.lora?.base as Policy);
    const withCopy = async (change: number) => {
      const tensors: [string, NamedTensor][] = [];
      for (const [name, parameter] of Object.entries(made.parameters))
        tensors.push([
          `base_model.model.${name}`,
          { shape: parameter.shape, data: Float32Array.from(parameter.dataSync()) },
        ]);
      const data = Float32Array.from(head.dataSync());
      data[5] += change;
      tensors.push(['base_model.model.lm_head.base_layer.weight', { shape: head.shape, data }]);
      await writeSafetensors(file, tensors);
    };
    await withCopy(0);
    const loaded = await loadPolicy(join(folder, 'head'));
    expect(Object.keys(loaded.parameters)).toEqual(['lm_head.lora_A.weight', 'lm_head.lora_B.weight']);
    expect(Object.keys(weightsOf(loaded))).toContain('lm_head.weight');
    await withCopy(0.5);
    expect((await failure(join(folder, 'head'))).message).toContain('differs from the base model');
  });
});
