import { type LearningRate, learningRate } from '@midtrain/core';
import type { AdamWOptions } from '@midtrain/kernels';
import type { TrainConfig } from '../config/train-config.js';

/** What the configuration's section on the optimiser asks for. */
export interface OptimiserSettings {
  readonly learningRate: LearningRate;
  readonly adamW: AdamWOptions;
  readonly clipNorm?: number;
}

/** AdamW's options and the learning rate's course. */
export function optimiserSettings(config: TrainConfig['optimiser'], totalSteps: number): OptimiserSettings {
  const { learningRate: peak, shape, warmupSteps, finalLearningRate: final, clipNorm, ...adamW } = config;
  return { learningRate: learningRate({ peak, totalSteps, shape, warmupSteps, final }), adamW, clipNorm };
}
