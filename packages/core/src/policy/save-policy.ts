import { saveAdapter } from '../lora/save-adapter.js';
import type { TensorSource } from '../model-files/tensor-source.js';
import { copyCompanions, writeModelDirectory } from '../model-files/write-model-directory.js';
import type { Policy } from './policy.js';

/** What goes along with a policy's weights. */
export interface SavePolicyOptions {
  /** Directory whose tokenizer and generation files are copied along. */
  readonly tokenizerDirectory?: string;
  /** Directory of the model that an adapter lies upon, which its file then names. */
  readonly baseDirectory?: string;
}

/**
 * Writes a policy as a Hugging Face model directory that transformers and vLLM load, one parameter after the other;
 * one with an adapter as a PEFT adapter's directory, without the weights below it.
 *
 * @throws the errors of `writeModelDirectory` and `saveAdapter`
 */
export async function savePolicy(
  policy: Policy,
  directory: string,
  options: SavePolicyOptions = {},
): Promise<void> {
  const { tokenizerDirectory, baseDirectory } = options;
  if (policy.lora) {
    if (tokenizerDirectory !== undefined) await copyCompanions(tokenizerDirectory, directory);
    return saveAdapter(policy, directory, baseDirectory);
  }
  const { parameters } = policy;
  const tensors: TensorSource = {
    shapes: Object.entries(parameters).map(([name, { shape }]) => [name, shape] as const),
    async *values(name) {
      yield (await parameters[name].data()) as Float32Array;
    },
  };
  await writeModelDirectory(directory, { config: policy.config, tensors, tokenizerDirectory });
}
