export { type ExitCode, MidtrainError } from './errors.js';
export { InputFileError } from './files/read-json-file.js';
export { writeFileAtomic, writeJsonFile } from './files/write-atomically.js';
export { DiskFullError, WriteError } from './files/write-error.js';
export { expectedParameters } from './model-files/expected-parameters.js';
export type { Llama3RopeScaling, ModelConfig, ModelFamily } from './model-files/model-config.js';
export { ModelConfigError } from './model-files/model-config-error.js';
export type { NamedTensor } from './model-files/named-tensor.js';
export { readModelConfig } from './model-files/read-model-config.js';
export {
  type ModelDirectory,
  ModelWeightsError,
  readModelDirectory,
} from './model-files/read-model-directory.js';
export { readSafetensors, readSafetensorsHeader } from './model-files/read-safetensors.js';
export { SafetensorsError } from './model-files/safetensors-error.js';
export type { TensorEntry } from './model-files/safetensors-header.js';
export { modelConfigJson, writeModelConfig } from './model-files/write-model-config.js';
export { type WriteModelOptions, writeModelDirectory } from './model-files/write-model-directory.js';
export { type NamedTensors, writeSafetensors } from './model-files/write-safetensors.js';
export { loadTokenizer } from './tokenizer/load-tokenizer.js';
export { requireFittingTokenizer } from './tokenizer/require-fitting-tokenizer.js';
export type { DecodeOptions, EncodeOptions, Tokenizer } from './tokenizer/tokenizer.js';
export { TokenizerError } from './tokenizer/tokenizer-error.js';
