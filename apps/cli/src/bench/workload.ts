import type { ModelConfig, RolloutPosition } from '@midtrain/core';
import { seededRandom, uniformInt } from '@midtrain/curriculum';

/** The quickstart's model size: d = 128, 4 layers, 1.1 million parameters. */
export const BENCH_MODEL: ModelConfig = {
  family: 'llama',
  vocabularySize: 2048,
  hiddenSize: 128,
  layers: 4,
  heads: 4,
  keyValueHeads: 4,
  headDim: 32,
  intermediateSize: 352,
  rmsNormEpsilon: 1e-6,
  ropeTheta: 10_000,
  maxPositions: 16_384,
  tieWordEmbeddings: true,
  attentionBias: false,
  mlpBias: false,
  // Larger than usual, so that logits and attention are as far from uniform as a trained model's.
  initializerRange: 0.1,
  eosTokenIds: [],
};

/** How much one step computes. */
export interface WorkloadSize {
  readonly documents: number;
  /** Tokens of each document, ≥ 2. */
  readonly documentTokens: number;
  /** Positions in each document. */
  readonly positions: number;
  /** Branches at each position. */
  readonly branches: number;
  /** Tokens that every branch samples. */
  readonly newTokens: number;
}

/** One step's documents of random tokens, and random positions in them. */
export interface Workload extends WorkloadSize {
  readonly texts: readonly Int32Array[];
  readonly places: readonly RolloutPosition[];
  /** One a branch, never 0: every branch goes through the update. */
  readonly advantages: readonly number[];
}

/** Tokens between the prefix and a thought, as `<|budget|>32<think>` of the quickstart. */
const INSTRUCTION_TOKENS = 4;

/** A token id that no model samples: branches go on to their last token. */
export const NEVER = -1;

/** Makes a step's work; the same for the same size and seed. */
export function makeWorkload(size: WorkloadSize, seed: number): Workload {
  const random = seededRandom(seed, 'bench');
  const tokens = (length: number) =>
    Int32Array.from({ length }, () => uniformInt(BENCH_MODEL.vocabularySize, random));
  const texts = Array.from({ length: size.documents }, () => tokens(size.documentTokens));
  const places = texts.flatMap((_, document) =>
    Array.from({ length: size.positions }, () => ({
      document,
      position: 1 + uniformInt(size.documentTokens - 1, random),
      instruction: [...tokens(INSTRUCTION_TOKENS)],
      // A branch that never closes its thought has one token more than this.
      maxThoughtTokens: size.newTokens - 1,
    })),
  );
  const branches = places.length * size.branches;
  const advantages = Array.from(
    { length: branches },
    () => (random.next() < 0.5 ? 1 : -1) * (0.5 + random.next()),
  );
  return { ...size, texts, places, advantages };
}
