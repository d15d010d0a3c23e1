import { saveAdapter } from '../lora/save-adapter.js';
import type { NamedTensor } from '../model-files/named-tensor.js';
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
 * Writes a policy as a Hugging Face model directory that transformers and vLLM load; one with an adapter as a PEFT
 * adapter's directory, without the weights below it.
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
  const tensors: [string, NamedTensor][] = [];
  for (const [name, parameter] of Object.entries(policy.parameters)) {
    tensors.push([name, { shape: parameter.shape, data: Float32Array.from(await parameter.data()) }]);
  }
  await writeModelDirectory(directory, { config: policy.config, tensors, tokenizerDirectory });
}
