export { type ExitCode, MidtrainError } from './errors.js';
export { expectedParameters } from './model-files/expected-parameters.js';
export type { Llama3RopeScaling, ModelConfig, ModelFamily } from './model-files/model-config.js';
export { loadTokenizer } from './tokenizer/load-tokenizer.js';
export { requireFittingTokenizer } from './tokenizer/require-fitting-tokenizer.js';
export type { DecodeOptions, EncodeOptions, Tokenizer } from './tokenizer/tokenizer.js';
export { TokenizerError } from './tokenizer/tokenizer-error.js';
