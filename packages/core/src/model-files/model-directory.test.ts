import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectedParameters } from './expected-parameters.js';
import type { NamedTensor } from './named-tensor.js';
import { readModelConfig } from './read-model-config.js';
import { type ModelDirectory, ModelWeightsError, readModelDirectory } from './read-model-directory.js';
import { readSafetensors } from './read-safetensors.js';
import { SafetensorsError } from './safetensors-error.js';
import { writeModelDirectory } from './write-model-directory.js';
import { writeSafetensors } from './write-safetensors.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const LLAMA = join(FIXTURES, 'llama');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'model-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function readAll(model: Pick<ModelDirectory, 'tensors'>): Promise<Map<string, NamedTensor>> {
  const tensors = new Map<string, NamedTensor>();
  for await (const [name, tensor] of model.tensors()) tensors.set(name, tensor);
  return tensors;
}

/** Puts the Llama fixture into the test's directory, with its tensors changed. */
async function withTensors(change: (tensors: Map<string, NamedTensor>) => void): Promise<void> {
  const tensors = await readAll(await readModelDirectory(LLAMA));
  change(tensors);
  await cp(join(LLAMA, 'config.json'), join(directory, 'config.json'));
  await writeSafetensors(join(directory, 'model.safetensors'), tensors);
}

describe('models by transformers', () => {
  it.each(['llama', 'llama-bf16', 'llama3-rope', 'qwen2', 'qwen3'])(
    '%s: has exactly the parameters expected',
    async (name) => {
      const model = await readModelDirectory(join(FIXTURES, name));
      const tensors = await readAll(model);
      const shapes = [...tensors].map(([key, { shape }]) => [key, shape]);
      expect(new Map(shapes as [string, number[]][])).toEqual(expectedParameters(model.config));
    },
  );

  it('come out as they went in', async () => {
    const model = await readModelDirectory(LLAMA);
    const tensors = await readAll(model);
    await writeModelDirectory(directory, { config: model.config, tensors });
    const again = await readModelDirectory(directory);
    expect(again.config).toEqual(model.config);
    expect(await readAll(again)).toEqual(tensors);
    expect((await readdir(directory)).sort()).toEqual(['config.json', 'model.safetensors']);
  });

  it("end a text at the ids of generation_config.json, all of them, or at config.json's", async () => {
    await cp(LLAMA, directory, { recursive: true });
    const file = join(directory, 'generation_config.json');
    expect((await readModelDirectory(directory)).config.eosTokenIds).toEqual([2]);
    await writeFile(file, '{"eos_token_id": [7, 3]}');
    expect((await readModelDirectory(directory)).config.eosTokenIds).toEqual([7, 3]);
    await writeFile(file, '{"eos_token_id": 5}');
    expect((await readModelDirectory(directory)).config.eosTokenIds).toEqual([5]);
    await writeFile(file, '{"eos_token_id": null, "temperature": 0.6}');
    expect((await readModelDirectory(directory)).config.eosTokenIds).toEqual([2]);
    await writeFile(file, '{"eos_token_id": "</s>"}');
    await expect(readModelDirectory(directory)).rejects.toThrow(/generation_config\.json: eos_token_id: /);
  });

  it('take their tokenizer along', async () => {
    const source = fileURLToPath(new URL('../../../../apps/cli/assets/tokenizer', import.meta.url));
    const { config, tensors } = await readModelDirectory(LLAMA);
    await writeModelDirectory(directory, {
      config,
      tensors: await readAll({ tensors }),
      tokenizerDirectory: source,
    });
    for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
      expect(await readFile(join(directory, name))).toEqual(await readFile(join(source, name)));
    }
  });

  it('may say how to generate', async () => {
    await cp(LLAMA, directory, { recursive: true });
    await writeFile(join(directory, 'generation_config.json'), '{"temperature": 0.6}');
    expect((await readModelDirectory(directory)).generationConfig).toEqual({ temperature: 0.6 });
    await writeFile(join(directory, 'generation_config.json'), '7');
    await expect(readModelDirectory(directory)).rejects.toThrow(/generation_config\.json: /);
  });
});

describe('weights that do not fit', () => {
  it('are named where they are missing', async () => {
    await withTensors((tensors) => tensors.delete('model.layers.1.mlp.up_proj.weight'));
    await expect(readModelDirectory(directory)).rejects.toThrow(ModelWeightsError);
    await expect(readModelDirectory(directory)).rejects.toThrow(
      /the weights lack model\.layers\.1\.mlp\.up_proj\.weight; /,
    );
  });

  it('are named where there are too many', async () => {
    const extra = { shape: [1], data: new Float32Array(1) };
    await withTensors((tensors) => tensors.set('model.layers.0.self_attn.q_proj.bias', extra));
    await expect(readModelDirectory(directory)).rejects.toThrow(
      /the weights have model\.layers\.0\.self_attn\.q_proj\.bias, which/,
    );
  });

  it('are named where their shape differs', async () => {
    await withTensors((tensors) => {
      const { data } = tensors.get('model.embed_tokens.weight') as NamedTensor;
      tensors.set('model.embed_tokens.weight', { shape: [64, 320], data });
    });
    await expect(readModelDirectory(directory)).rejects.toThrow(
      /model\.embed_tokens\.weight: shape is \[64, 320\], expected \[320, 64\] by config\.json/,
    );
  });

  it.each([
    [
      'vocab_size',
      1_000_000_000,
      /model\.embed_tokens\.weight: shape is \[\d+, 64\], expected \[1000000000, 64\]/,
    ],
    ['vocab_size', 1e18, /vocab_size: /],
    ['hidden_size', 2 ** 31 - 4, /shape is .*, expected \[\d+, 2147483644\]/],
    ['num_hidden_layers', 10_000, /the weights lack .* \(89982 in all\)/],
    ['num_hidden_layers', 1e9, /num_hidden_layers: /],
  ])('are refused before any is read where config.json has a %s of %d', async (field, value, says) => {
    await cp(LLAMA, directory, { recursive: true });
    const file = join(directory, 'config.json');
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), [field]: value }));
    await expect(readModelDirectory(directory)).rejects.toThrow(says);
  });

  it('may hold what transformers leaves out too', async () => {
    const extra = { shape: [8], data: new Float32Array(8) };
    await withTensors((tensors) => tensors.set('model.layers.0.self_attn.rotary_emb.inv_freq', extra));
    const tensors = await readAll(await readModelDirectory(directory));
    expect([...tensors.keys()].sort()).toEqual(
      [...expectedParameters(await readModelConfig(LLAMA)).keys()].sort(),
    );
  });

  it('are asked for as safetensors', async () => {
    await cp(join(LLAMA, 'config.json'), join(directory, 'config.json'));
    await expect(readModelDirectory(directory)).rejects.toThrow(/has neither model\.safetensors nor/);
  });
});

describe('sharded weights', () => {
  async function shard(
    weightMap: (names: string[]) => Record<string, string>,
  ): Promise<Map<string, NamedTensor>> {
    const tensors = new Map<string, NamedTensor>();
    for await (const [name, tensor] of readSafetensors(join(LLAMA, 'model.safetensors')))
      tensors.set(name, tensor);
    const names = [...tensors.keys()];
    await cp(join(LLAMA, 'config.json'), join(directory, 'config.json'));
    for (const [part, file] of [
      [0, 'a.safetensors'],
      [1, 'b.safetensors'],
    ] as const) {
      await writeSafetensors(
        join(directory, file),
        [...tensors].filter((_, i) => i % 2 === part),
      );
    }
    const index = { metadata: { total_size: 1 }, weight_map: weightMap(names) };
    await writeFile(join(directory, 'model.safetensors.index.json'), JSON.stringify(index));
    return tensors;
  }
  const alternating = (names: string[]) =>
    Object.fromEntries(names.map((name, i) => [name, i % 2 === 0 ? 'a.safetensors' : 'b.safetensors']));

  it('are read from all their files', async () => {
    const tensors = await shard(alternating);
    expect(await readAll(await readModelDirectory(directory))).toEqual(tensors);
  });

  it('are refused where a shard lacks a tensor or is missing', async () => {
    await shard((names) => ({ ...alternating(names), [names[1]]: 'a.safetensors' }));
    await expect(readModelDirectory(directory)).rejects.toThrow(
      /a\.safetensors: has no tensor .* says it has/,
    );
    await shard((names) => ({ ...alternating(names), [names[1]]: 'c.safetensors' }));
    await expect(readModelDirectory(directory)).rejects.toThrow(/c\.safetensors: not found/);
  });

  it.each([
    '../a.safetensors',
    '/etc/a.safetensors',
    'sub/a.safetensors',
    '..\\a.safetensors',
    'a.safetensors\0',
    'a.bin',
    '..',
  ])('are never read from outside the folder: %j', async (path) => {
    await shard((names) => ({ ...alternating(names), [names[0]]: path }));
    await expect(readModelDirectory(directory)).rejects.toThrow(SafetensorsError);
    await expect(readModelDirectory(directory)).rejects.toThrow(
      /weight_map\..*: is ".*", expected the name of a \.safetensors file/,
    );
  });

  it('are refused where the index is broken', async () => {
    await shard(alternating);
    await writeFile(join(directory, 'model.safetensors.index.json'), '{"weight_map": 3}');
    await expect(readModelDirectory(directory)).rejects.toThrow(
      /model\.safetensors\.index\.json: weight_map: /,
    );
  });
});
