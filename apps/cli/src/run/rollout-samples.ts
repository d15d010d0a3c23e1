import type { PositionSample, StepReport, Tokenizer, TrainingDocument } from '@midtrain/core';

/** Tokens of the prefix that a sample shows. */
const PREFIX_TOKENS = 48;

/** A line of `rollouts.jsonl`: one position with what its branches wrote, in text. */
export interface RolloutSample {
  readonly step: number;
  readonly documentId: string;
  readonly position: number;
  readonly tier: string;
  readonly budget: number;
  /** The end of the text before the position. */
  readonly prefix: string;
  /** The token to predict. */
  readonly target: string;
  readonly branches: readonly {
    readonly thought: string;
    readonly length: number;
    readonly prediction: string;
    readonly wellFormed: boolean;
    readonly reward: number;
    readonly advantage: number;
  }[];
}

/** Makes readable samples of a step's first `count` positions. */
export function rolloutSamples(
  documents: readonly TrainingDocument[],
  tokenizer: Pick<Tokenizer, 'decode'>,
  count: number,
): (report: Pick<StepReport, 'metrics' | 'samples'>) => RolloutSample[] {
  const tokensOf = new Map(documents.map(({ id, tokenIds }) => [id, tokenIds]));
  const readable = (step: number, sample: PositionSample): RolloutSample => {
    const { documentId, position, tier, budget, branches, rewards, advantages } = sample;
    const tokenIds = tokensOf.get(documentId) ?? new Int32Array();
    return {
      step,
      documentId,
      position,
      tier,
      budget,
      prefix: tokenizer.decode(tokenIds.slice(Math.max(0, position - PREFIX_TOKENS), position)),
      target: tokenizer.decode(tokenIds.slice(position, position + 1)),
      branches: branches.map(({ thoughtTokenIds, predictionTokenIds, wellFormed }, i) => ({
        thought: tokenizer.decode(thoughtTokenIds),
        length: thoughtTokenIds.length,
        prediction: tokenizer.decode(predictionTokenIds),
        wellFormed,
        reward: rewards[i],
        advantage: advantages[i],
      })),
    };
  };
  return ({ metrics, samples }) => samples.slice(0, count).map((sample) => readable(metrics.step, sample));
}
