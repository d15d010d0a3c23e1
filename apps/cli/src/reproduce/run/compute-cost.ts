import { join } from 'node:path';
import { expectedParameters, type ModelConfig, readModelConfig } from '@midtrain/core';
import { readLines } from '../../run/line-log.js';

/** A run's tokens and floating-point operations. */
export interface ComputeCost {
  /** Tokens computed: read, sampled, and gone forward and backward. */
  readonly tokens: number;
  readonly flops: number;
  /** Of mid-training: tokens sampled, which are what L_RL learns from, and document tokens that L_NTP learns. */
  readonly sampledTokens: number;
  readonly nextTokens: number;
  /** Wall-clock seconds of the steps. */
  readonly seconds: number;
}

/** A line of `metrics.jsonl`, of either kind of training. */
interface CostLine {
  readonly tokens: number;
  readonly seconds: number;
  readonly readTokens?: number;
  readonly sampledTokens?: number;
  readonly nextTokens?: number;
}

/** Weights of the matrix products that a token goes through; a head that is the embedding counts once. */
export function productWeights(config: ModelConfig): number {
  let weights = 0;
  for (const [name, shape] of expectedParameters(config)) {
    const lookedUp = name === 'model.embed_tokens.weight' && !config.tieWordEmbeddings;
    if (shape.length === 2 && !lookedUp) weights += shape[0] * shape[1];
  }
  return weights;
}

/**
 * Operations of a line's tokens: two a weight and token forwards, four backwards. Attention's scores are left out, for
 * all methods alike.
 */
export function lineFlops(line: CostLine, weights: number): number {
  const forward = (line.readTokens ?? 0) + (line.sampledTokens ?? 0);
  return weights * (2 * forward + 6 * (line.tokens - forward));
}

/** What a finished run has cost, from its metrics and its model's shape. */
export async function computeCost(folder: string): Promise<ComputeCost> {
  const lines = await readLines<CostLine>(join(folder, 'metrics.jsonl'));
  const weights = productWeights(await readModelConfig(join(folder, 'model')));
  const sum = (of: (line: CostLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  return {
    tokens: sum(({ tokens }) => tokens),
    flops: sum((line) => lineFlops(line, weights)),
    sampledTokens: sum(({ sampledTokens = 0 }) => sampledTokens),
    nextTokens: sum(({ nextTokens, tokens }) => nextTokens ?? tokens),
    seconds: sum(({ seconds }) => seconds),
  };
}
