import { ConfigError } from '../cli-error.js';
import type { TrainConfig } from '../config/train-config.js';

/** The values of a study's RMT that the methods and the sensitivity analysis vary, each with its default filled in. */
export interface RmtDefaults {
  /** B_0, tokens. */
  readonly initialTokens: number;
  /** γ. */
  readonly decay: number;
  /** B_min, tokens. */
  readonly minTokens: number;
  /** Entropies that bound the tiers, nats: where each begins, or where the second and the third do. */
  readonly thresholds: readonly number[];
  /** t_1 and t_2 as shares of the run. */
  readonly start: number;
  readonly end: number;
  /** w. */
  readonly lengthWeight: number;
  /** λ. */
  readonly lambda: number;
  /** G. */
  readonly groupSize: number;
  /** What centred rewards are divided by. */
  readonly advantageScale: string;
  /** Whether the length counts only where the match holds. */
  readonly lengthOnlyIfMatched: boolean;
  /** L_RL, by TRL's name: grpo takes the mean over each branch's tokens, dapo over those of all. */
  readonly loss: string;
}

/**
 * Reads them from a configuration.
 *
 * @throws ConfigError where its budget or curriculum is not of the paper's kind
 */
export function rmtDefaults(config: TrainConfig, configFile: string): RmtDefaults {
  const { budget, curriculum, reward, advantage, lambda = 0.1, batch } = config;
  const refuse = (field: string, expected: string): never => {
    throw new ConfigError(`${configFile}: ${field}: expected ${expected}, which the comparison varies`);
  };
  if (budget.use !== 'exponential') return refuse('budget.use', 'exponential');
  if (curriculum.use !== 'tiered' || !('tiers' in curriculum)) return refuse('curriculum.use', 'tiered');
  const { tiers, schedule } = curriculum as Extract<typeof curriculum, { readonly tiers: unknown }> & {
    readonly schedule: { readonly start?: number; readonly end?: number };
  };
  if (
    !('thresholds' in tiers) ||
    tiers.thresholds === undefined ||
    ![2, 3].includes(tiers.thresholds.length)
  ) {
    return refuse('curriculum.tiers', 'two or three thresholds of three tiers');
  }
  const {
    initialTokens = 800,
    decay = 0.2,
    minTokens = 1,
  } = budget as {
    readonly initialTokens?: number;
    readonly decay?: number;
    readonly minTokens?: number;
  };
  return {
    initialTokens,
    decay,
    minTokens,
    thresholds: tiers.thresholds,
    start: schedule.start ?? 0.3,
    end: schedule.end ?? 0.7,
    lengthWeight: reward.lengthWeight ?? 0.1,
    lambda,
    groupSize: batch.groupSize,
    lengthOnlyIfMatched: reward.lengthOnlyIfMatched ?? false,
    loss: config.loss.use,
    advantageScale: ('scale' in advantage && String(advantage.scale)) || 'group',
  };
}
