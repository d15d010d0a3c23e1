import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelConfigError } from './model-config-error.js';
import { readModelConfig } from './read-model-config.js';
import { modelConfigJson, writeModelConfig } from './write-model-config.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const FAMILIES = ['llama', 'llama-bf16', 'llama3-rope', 'qwen2', 'qwen3'];
type Json = Record<string, unknown>;

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8')) as Json;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'model-config-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function readFrom(json: unknown) {
  await writeFile(join(directory, 'config.json'), typeof json === 'string' ? json : JSON.stringify(json));
  return readModelConfig(directory);
}

describe('configurations by transformers', () => {
  it.each(FAMILIES)('%s: the form of the hub and the form of transformers 5 say the same', async (name) => {
    const hub = await readFrom(await readJson(FIXTURES, name, 'config.json'));
    const v5 = await readFrom(await readJson(FIXTURES, name, 'config.v5.json'));
    expect(v5).toEqual(hub);
  });

  it.each(FAMILIES)(
    '%s: what is written has every value of the hub form that the model depends on',
    async (name) => {
      const hub = await readJson(FIXTURES, name, 'config.json');
      const written = modelConfigJson(await readFrom(hub));
      const unused = ['attention_dropout', 'max_window_layers', 'pretraining_tp'];
      const expected = Object.fromEntries(Object.entries(hub).filter(([key]) => !unused.includes(key)));
      expect(written).toMatchObject({ ...expected, torch_dtype: 'float32' });
      await writeModelConfig(directory, await readFrom(hub));
      expect(await readModelConfig(directory)).toEqual(await readFrom(hub));
    },
  );

  it('reads the settings of Qwen3', async () => {
    expect(await readModelConfig(join(FIXTURES, 'qwen3'))).toEqual({
      family: 'qwen3',
      vocabularySize: 320,
      hiddenSize: 64,
      layers: 2,
      heads: 4,
      keyValueHeads: 2,
      headDim: 24,
      intermediateSize: 96,
      rmsNormEpsilon: 1e-6,
      ropeTheta: 1e6,
      ropeScaling: undefined,
      maxPositions: 128,
      tieWordEmbeddings: true,
      attentionBias: false,
      mlpBias: false,
      initializerRange: 0.02,
      bosTokenId: 1,
      eosTokenIds: [2],
      padTokenId: 0,
    });
  });

  it('reads the rotary scaling of Llama 3, and the biases of Qwen2', async () => {
    expect((await readModelConfig(join(FIXTURES, 'llama3-rope'))).ropeScaling).toEqual({
      type: 'llama3',
      factor: 8,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalMaxPositions: 32,
    });
    expect((await readModelConfig(join(FIXTURES, 'qwen2'))).attentionBias).toBe(true);
  });
});

describe('settings', () => {
  const minimal = {
    model_type: 'llama',
    vocab_size: 10,
    hidden_size: 8,
    intermediate_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
  };

  it("take transformers' defaults where the file is silent", async () => {
    expect(await readFrom(minimal)).toMatchObject({
      keyValueHeads: 2,
      headDim: 4,
      rmsNormEpsilon: 1e-6,
      ropeTheta: 10_000,
      maxPositions: 2048,
      tieWordEmbeddings: false,
      eosTokenIds: [],
    });
    expect(await readFrom({ ...minimal, model_type: 'qwen3' })).toMatchObject({ headDim: 128 });
  });

  it('may name several end-of-text tokens, or none', async () => {
    expect(await readFrom({ ...minimal, eos_token_id: [3, 4] })).toMatchObject({ eosTokenIds: [3, 4] });
    expect(await readFrom({ ...minimal, eos_token_id: null, pad_token_id: -1 })).toMatchObject({
      eosTokenIds: [],
      padTokenId: undefined,
    });
    expect(modelConfigJson(await readFrom({ ...minimal, eos_token_id: [3, 4] })).eos_token_id).toEqual([
      3, 4,
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'another model',
      { ...minimal, model_type: 'mistral' },
      /model_type: is "mistral", expected 'llama', 'qwen2' or 'qwen3'/,
    ],
    ['no model type', { ...minimal, model_type: undefined }, /model_type: is undefined/],
    ['no vocabulary size', { ...minimal, vocab_size: undefined }, /vocab_size: /],
    ['a size that is no number', { ...minimal, hidden_size: '8' }, /hidden_size: /],
    ['no layers', { ...minimal, num_hidden_layers: 0 }, /num_hidden_layers: /],
    ['another activation', { ...minimal, hidden_act: 'gelu' }, /hidden_act: is "gelu", expected 'silu'/],
    [
      'a sliding window',
      { ...minimal, model_type: 'qwen2', use_sliding_window: true },
      /use_sliding_window: expected false/,
    ],
    [
      'sliding layers',
      { ...minimal, layer_types: ['sliding_attention'] },
      /layer_types\.0: expected 'full_attention'/,
    ],
    [
      'another rotary scaling',
      { ...minimal, rope_scaling: { type: 'yarn', factor: 4 } },
      /rope_scaling\.rope_type: is "yarn"/,
    ],
    [
      'half a rotary scaling',
      { ...minimal, rope_parameters: { rope_type: 'llama3', factor: 8 } },
      /rope_parameters\.low_freq_factor: is missing/,
    ],
    ['a partial rotation', { ...minimal, partial_rotary_factor: 0.5 }, /partial_rotary_factor: expected 1/],
    ['quantised weights', { ...minimal, quantization_config: {} }, /quantization_config: expected none/],
    [
      'heads that cannot be grouped',
      { ...minimal, num_key_value_heads: 3 },
      /num_key_value_heads: is 3, expected a divisor of/,
    ],
    ['an odd head', { ...minimal, head_dim: 3 }, /head_dim: is 3, expected an even whole number/],
    ['heads that do not divide', { ...minimal, hidden_size: 9 }, /head_dim: is 4\.5/],
    ['no object', [], /config\.json: /],
    ['no JSON', '{', /config\.json: is not valid JSON/],
  ])('are refused: %s', async (_, json, message) => {
    await expect(readFrom(json)).rejects.toThrow(message);
    await expect(readFrom(json)).rejects.toThrow(ModelConfigError);
  });

  it('are refused where the file is missing', async () => {
    await expect(readModelConfig(join(directory, 'none'))).rejects.toThrow(/none.config\.json: not found/);
  });
});
