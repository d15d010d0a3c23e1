import {
  adaptiveBudget,
  constantBudget,
  cosineBudget,
  exponentialBudget,
  linearBudget,
  type TokenBudget,
} from '@midtrain/budget';
import { ConfigError } from '../cli-error.js';
import { BUDGETS } from '../config/budget-config.js';
import { isOwn } from '../config/component.js';
import type { TrainConfig } from '../config/train-config.js';
import { type ComponentSource, FUNCTION } from './component-source.js';

/** A budget of one's own, held to its contract: a whole number of tokens ≥ 1. */
function checked(budget: TokenBudget, use: string): TokenBudget {
  return (moment) => {
    const tokens = budget(moment);
    if (Number.isSafeInteger(tokens) && tokens >= 1) return tokens;
    throw new ConfigError(
      `budget.use: ${use}: gave ${tokens} at step ${moment.step}, expected a whole number ≥ 1`,
    );
  };
}

/** The token budget that a configuration names. */
export async function makeBudget(
  config: TrainConfig['budget'],
  source: ComponentSource,
): Promise<TokenBudget> {
  const make = (factory: () => TokenBudget) => source.builtIn('budget', factory);
  if (isOwn(config, BUDGETS)) {
    return checked(await source.own<TokenBudget>(config, 'budget', FUNCTION), config.use);
  }
  switch (config.use) {
    case 'exponential':
      return make(() => exponentialBudget(config));
    case 'constant':
      return make(() => constantBudget(config));
    case 'linear':
      return make(() => linearBudget(config));
    case 'cosine':
      return make(() => cosineBudget(config));
    case 'adaptive':
      return make(() => adaptiveBudget(exponentialBudget(config), config));
  }
}
