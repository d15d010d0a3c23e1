import {
  capReward,
  type LengthReward,
  lcpoExactReward,
  lcpoMaxReward,
  linearPenaltyReward,
  triangularReward,
} from '@midtrain/budget';
import {
  type AdvantageEstimator,
  composeRewards,
  exactMatch,
  groupAdvantage,
  prefixMatch,
  prefixShare,
  type Reward,
} from '@midtrain/losses';
import { isOwn } from '../config/component.js';
import { ADVANTAGES, LENGTHS, MATCHES } from '../config/reward-config.js';
import type { TrainConfig } from '../config/train-config.js';
import { type ComponentSource, FUNCTION } from './component-source.js';

type RewardConfig = TrainConfig['reward'];

async function makeMatch(config: RewardConfig['match'], source: ComponentSource): Promise<Reward> {
  if (isOwn(config, MATCHES)) return source.own<Reward>(config, 'reward.match', FUNCTION);
  switch (config.use) {
    case 'exact':
      return exactMatch();
    case 'prefix':
      return prefixMatch();
    case 'prefix-share':
      return source.builtIn('reward.match', () => prefixShare(config));
  }
}

async function makeLength(config: RewardConfig['length'], source: ComponentSource): Promise<LengthReward> {
  if (isOwn(config, LENGTHS)) return source.own<LengthReward>(config, 'reward.length', FUNCTION);
  const make = (factory: () => LengthReward) => source.builtIn('reward.length', factory);
  switch (config.use) {
    case 'triangular':
      return make(() => triangularReward(config));
    case 'cap':
      return make(() => capReward(config));
    case 'linear-penalty':
      return make(() => linearPenaltyReward(config));
    case 'lcpo-exact':
      return make(() => lcpoExactReward(config));
    case 'lcpo-max':
      return make(() => lcpoMaxReward(config));
  }
}

/** The reward that a configuration composes: r = (1 − w)·match + w·length. */
export async function makeReward(config: RewardConfig, source: ComponentSource): Promise<Reward> {
  const { lengthWeight, lengthOnlyIfMatched } = config;
  const match = await makeMatch(config.match, source);
  const length = await makeLength(config.length, source);
  return source.builtIn('reward', () => composeRewards({ match, length, lengthWeight, lengthOnlyIfMatched }));
}

/** The advantage estimator that a configuration names. */
export async function makeAdvantages(
  config: TrainConfig['advantage'],
  source: ComponentSource,
): Promise<AdvantageEstimator> {
  if (isOwn(config, ADVANTAGES)) return source.own<AdvantageEstimator>(config, 'advantage', FUNCTION);
  return source.builtIn('advantage', () => groupAdvantage(config));
}
