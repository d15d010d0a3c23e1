import type { MidTrainComponents } from '@midtrain/core';
import { dualObjective } from '@midtrain/losses';
import type { TrainConfig } from '../config/train-config.js';
import { makeBudget } from './budget.js';
import { componentSource } from './component-source.js';
import { makeCurriculum, makeDifficulty } from './curriculum.js';
import { makePolicyLoss } from './policy-loss.js';
import { makeAdvantages, makeReward } from './reward.js';

/**
 * RMT's components as a configuration names them: the only place that puts them together.
 *
 * @param configFile for errors, and where packages of one's own are looked for from
 * @throws ConfigError naming the field
 */
export async function composeComponents(
  config: TrainConfig,
  configFile: string,
): Promise<MidTrainComponents> {
  const source = componentSource(configFile);
  return {
    budget: await makeBudget(config.budget, source),
    curriculum: await makeCurriculum(config.curriculum, source),
    difficulty: await makeDifficulty(config.difficulty, source),
    reward: await makeReward(config.reward, source),
    advantages: await makeAdvantages(config.advantage, source),
    policyLoss: await makePolicyLoss(config.loss, source),
    objective: source.builtIn('lambda', () => dualObjective({ lambda: config.lambda })),
  };
}
