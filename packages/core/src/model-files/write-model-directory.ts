import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../files/write-atomically.js';
import type { ModelConfig } from './model-config.js';
import type { WrittenDtype } from './safetensors-dtype.js';
import type { NamedTensors, TensorSource } from './tensor-source.js';
import { writeModelConfig } from './write-model-config.js';
import { writeSafetensors } from './write-safetensors.js';

/** What makes up a tokenizer, and what says how to generate; copied through as they are. */
const COMPANIONS = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'chat_template.jinja',
  'generation_config.json',
];

export interface WriteModelOptions {
  readonly config: ModelConfig;
  /** All of `expectedParameters(config)`. */
  readonly tensors: NamedTensors | TensorSource;
  /** How the weights are stored. Default float32. */
  readonly dtype?: WrittenDtype;
  /** Directory whose tokenizer and generation files are copied; none are where it is left out. */
  readonly tokenizerDirectory?: string;
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Copies a model's tokenizer and generation files, where they are there. @throws DiskFullError, WriteError */
export async function copyCompanions(from: string, to: string): Promise<void> {
  if (resolve(from) === resolve(to)) return;
  for (const name of COMPANIONS) {
    const content = await readIfThere(join(from, name));
    if (content) await writeFileAtomic(join(to, name), content);
  }
}

/**
 * Writes a Hugging Face model directory that transformers and vLLM load: `model.safetensors`, `config.json`
 * and the tokenizer's files. Each file is written whole or not at all; `config.json` comes last, so that a directory
 * which has one is complete.
 *
 * @throws SafetensorsError where a tensor's shape does not fit its values; DiskFullError, WriteError
 */
export async function writeModelDirectory(directory: string, options: WriteModelOptions): Promise<void> {
  const { config, tensors, dtype = 'F32', tokenizerDirectory } = options;
  await writeSafetensors(join(directory, 'model.safetensors'), tensors, dtype);
  if (tokenizerDirectory !== undefined) await copyCompanions(tokenizerDirectory, directory);
  await writeModelConfig(directory, config, dtype);
}
