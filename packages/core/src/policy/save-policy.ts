import type { NamedTensor } from '../model-files/named-tensor.js';
import { writeModelDirectory } from '../model-files/write-model-directory.js';
import type { Policy } from './policy.js';

/**
 * Writes a policy as a Hugging Face model directory that transformers and vLLM load.
 * @param options.tokenizerDirectory whose tokenizer and generation files are copied along
 * @throws the errors of `writeModelDirectory`
 */
export async function savePolicy(
  policy: Policy,
  directory: string,
  options: { readonly tokenizerDirectory?: string } = {},
): Promise<void> {
  const tensors: [string, NamedTensor][] = [];
  for (const [name, parameter] of Object.entries(policy.parameters)) {
    tensors.push([name, { shape: parameter.shape, data: Float32Array.from(await parameter.data()) }]);
  }
  await writeModelDirectory(directory, { config: policy.config, tensors, ...options });
}
