import type { TokenBudget } from '@midtrain/budget';
import type { ThoughtFormat } from '@midtrain/core';
import { ConfigError } from '../cli-error.js';

export interface ContextRoomOptions {
  readonly budget: TokenBudget;
  readonly format: ThoughtFormat;
  readonly thoughtLimit: (budget: number) => number;
  readonly predictionTokens: number;
  readonly totalSteps: number;
  /** Longest sequence of the model, in tokens. */
  readonly maxPositions: number;
  /** For errors. */
  readonly configFile: string;
}

/**
 * How long a document may be, so that at its last token the instruction, the longest thought of the run and the
 * prediction still fit into the model's context.
 *
 * @throws ConfigError where there is room for no document
 */
export function contextRoom(options: ContextRoomOptions): number {
  const { budget, format, thoughtLimit, predictionTokens, totalSteps, maxPositions, configFile } = options;
  const budgets = new Set<number>();
  for (let step = 0; step < totalSteps; step++) {
    for (const difficulty of [undefined, 0, 1]) budgets.add(budget({ step, totalSteps, difficulty }));
  }
  let longest = 0;
  let most = 0;
  for (const tokens of budgets) {
    const length = format.instruction(tokens).length + thoughtLimit(tokens) + predictionTokens;
    if (length > longest) {
      longest = length;
      most = tokens;
    }
  }
  const room = maxPositions - longest;
  if (room >= 2) return room;
  throw new ConfigError(
    `${configFile}: budget: of ${most} tokens makes thoughts of up to ${thoughtLimit(most)}, which leave no room for a document in the model's context of ${maxPositions} tokens; lower it or rollout.thoughtLimit`,
  );
}
