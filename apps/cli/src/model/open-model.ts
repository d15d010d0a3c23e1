import {
  loadPolicy,
  loadTokenizer,
  type Policy,
  requireFittingTokenizer,
  type Tokenizer,
} from '@midtrain/core';

/** A model that can compute, and its tokenizer. */
export interface OpenModel {
  readonly policy: Policy;
  readonly tokenizer: Tokenizer;
}

/**
 * Loads a Hugging Face model directory: its tokenizer first, and its weights only when they fit. Nothing in the
 * directory is executed.
 *
 * @throws the errors of core's model files and tokenizer, naming file and field
 */
export async function openModel(directory: string): Promise<OpenModel> {
  const tokenizer = await loadTokenizer(directory);
  const policy = await loadPolicy(directory);
  requireFittingTokenizer(tokenizer, policy.config, directory);
  return { policy, tokenizer };
}
