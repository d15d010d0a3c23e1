import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  baseDirectoryOf,
  isAdapterDirectory,
  loadPolicy,
  loadTokenizer,
  type Policy,
  requireFittingTokenizer,
  type Tokenizer,
} from '@midtrain/core';
import { UsageError } from '../cli-error.js';

/** A model that can compute, and its tokenizer. */
export interface OpenModel {
  readonly policy: Policy;
  readonly tokenizer: Tokenizer;
}

/** Where a model was read from. */
export interface ModelPlaces {
  readonly tokenizerDirectory: string;
  /** The directory of its weights: of its base's, where it is an adapter. A model made from scratch has none. */
  readonly baseDirectory?: string;
}

/**
 * Loads a Hugging Face model directory, or a PEFT adapter's: its tokenizer first, and its weights only when they fit.
 * An adapter without a tokenizer has its base's. Nothing in the directories is executed.
 *
 * @param base directory of an adapter's base model; default the one that the adapter names
 * @throws UsageError where a base is given for what is no adapter; the errors of core's model files, adapters and
 *   tokenizer, naming file and field
 */
export async function openModel(directory: string, base?: string): Promise<OpenModel & ModelPlaces> {
  const adapter = await isAdapterDirectory(directory);
  if (base !== undefined && !adapter) {
    throw new UsageError(`--base: is given, but ${directory} holds no adapter (adapter_config.json)`);
  }
  const baseDirectory = adapter ? (base ?? (await baseDirectoryOf(directory))) : directory;
  const own = !adapter || existsSync(join(directory, 'tokenizer.json'));
  const tokenizerDirectory = own ? directory : baseDirectory;
  const tokenizer = await loadTokenizer(tokenizerDirectory);
  const policy = await loadPolicy(directory, { baseDirectory });
  requireFittingTokenizer(tokenizer, policy.config, tokenizerDirectory);
  return { policy, tokenizer, tokenizerDirectory, baseDirectory };
}
