import {
  type Curriculum,
  type DifficultySignal,
  entropyFilterCurriculum,
  entropySignal,
  lossSignal,
  piecewiseLinearTierSchedule,
  quantileTiers,
  refreshEvery,
  rewardSpreadSignal,
  type TierAssignment,
  thresholdTiers,
  tieredCurriculum,
  uniformCurriculum,
} from '@midtrain/curriculum';
import { isOwn } from '../config/component.js';
import { CURRICULA, DIFFICULTIES } from '../config/curriculum-config.js';
import type { TrainConfig } from '../config/train-config.js';
import type { ComponentSource } from './component-source.js';

type TiersConfig = Extract<TrainConfig['curriculum'], { use: 'tiered' }>['tiers'];

const tiersOf = (config: TiersConfig): TierAssignment =>
  config.by === 'quantiles' ? quantileTiers(config) : thresholdTiers(config);

/** The curriculum that a configuration names. */
export async function makeCurriculum(
  config: TrainConfig['curriculum'],
  source: ComponentSource,
): Promise<Curriculum> {
  if (isOwn(config, CURRICULA)) {
    return source.own<Curriculum>(config, 'curriculum', { kind: 'object', methods: ['draw'] });
  }
  const make = (factory: () => Curriculum) => source.builtIn('curriculum', factory);
  switch (config.use) {
    case 'tiered': {
      const { tiers, schedule, ...options } = config;
      return make(() =>
        tieredCurriculum({
          ...options,
          tiers: tiersOf(tiers),
          schedule: piecewiseLinearTierSchedule(schedule),
        }),
      );
    }
    case 'uniform': {
      const { tiers, ...options } = config;
      return make(() => uniformCurriculum({ ...options, tiers: tiers && tiersOf(tiers) }));
    }
    case 'entropy-filter':
      return make(() => entropyFilterCurriculum(config));
  }
}

/** The difficulty signal that a configuration names. */
export async function makeDifficulty(
  config: TrainConfig['difficulty'],
  source: ComponentSource,
): Promise<DifficultySignal> {
  if (isOwn(config, DIFFICULTIES)) {
    return source.own<DifficultySignal>(config, 'difficulty', { kind: 'object', methods: ['measure'] });
  }
  switch (config.use) {
    case 'entropy':
    case 'loss': {
      const signal = config.use === 'entropy' ? entropySignal() : lossSignal();
      const { refreshEvery: steps = 1 } = config;
      return source.builtIn('difficulty', () => (steps === 1 ? signal : refreshEvery(signal, steps)));
    }
    case 'reward-spread':
      return source.builtIn('difficulty', () => rewardSpreadSignal(config));
  }
}
