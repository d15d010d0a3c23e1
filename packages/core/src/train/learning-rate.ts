/** The learning rate of each step. */
export type LearningRate = (step: number) => number;

export interface LearningRateOptions {
  /** Highest rate, ≥ 0. */
  readonly peak: number;
  readonly totalSteps: number;
  /** After the warm-up: stay, or fall to `final` in a line or along a half cosine. Default constant. */
  readonly shape?: 'constant' | 'linear' | 'cosine';
  /** Steps of linear rise from 0; the first step already has peak / warmupSteps. Default 0. */
  readonly warmupSteps?: number;
  /** Rate at the last step, unless constant. Default 0. */
  readonly final?: number;
}

/** A learning rate as trainers usually shape it: a linear warm-up, then constant, linear or cosine decay. */
export function learningRate(options: LearningRateOptions): LearningRate {
  const { peak, totalSteps, shape = 'constant', warmupSteps = 0, final = 0 } = options;
  return (step) => {
    if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
    const length = Math.max(1, totalSteps - 1 - warmupSteps);
    const done = Math.min(1, (step - warmupSteps) / length);
    if (shape === 'constant') return peak;
    const kept = shape === 'linear' ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2;
    return final + (peak - final) * kept;
  };
}
