/** The decoder families that can be read, run and written. */
export type ModelFamily = 'llama' | 'qwen2' | 'qwen3';

/** Llama 3's rescaling of the rotary frequencies for contexts longer than those of pre-training. */
export interface Llama3RopeScaling {
  readonly type: 'llama3';
  readonly factor: number;
  readonly lowFrequencyFactor: number;
  readonly highFrequencyFactor: number;
  /** Tokens of context in pre-training. */
  readonly originalMaxPositions: number;
}

/** A decoder's shape and settings, whichever family and file format they came from. */
export interface ModelConfig {
  readonly family: ModelFamily;
  /** Rows of the embedding; a tokenizer may have fewer tokens. */
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  /** Query heads; a multiple of `keyValueHeads`. */
  readonly heads: number;
  readonly keyValueHeads: number;
  /** Dimensions of a head; even. Need not be hiddenSize / heads. */
  readonly headDim: number;
  readonly intermediateSize: number;
  readonly rmsNormEpsilon: number;
  readonly ropeTheta: number;
  readonly ropeScaling?: Llama3RopeScaling;
  /** Longest sequence, in tokens. */
  readonly maxPositions: number;
  /** Whether the head is the embedding. */
  readonly tieWordEmbeddings: boolean;
  /** Whether query, key and value projections have biases; in Llama and Qwen3 the output projection has one too. */
  readonly attentionBias: boolean;
  readonly mlpBias: boolean;
  /** Standard deviation of fresh weights. */
  readonly initializerRange: number;
  readonly bosTokenId?: number;
  readonly eosTokenIds: readonly number[];
  readonly padTokenId?: number;
}
