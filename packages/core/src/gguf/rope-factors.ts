import type { Llama3RopeScaling, ModelConfig } from '../model-files/model-config.js';
import { rotaryFrequencies } from '../policy/rotary-table.js';
import { GgufError } from './gguf-error.js';

/** What every model of Llama 3.1 to 3.3 has; GGUF keeps the result only. */
const LOW_FREQUENCY_FACTOR = 1;
const HIGH_FREQUENCY_FACTOR = 4;
const ORIGINAL_MAX_POSITIONS = 8192;
const TOLERANCE = 1e-4;

/**
 * Llama 3's rotary scaling, found back from the factors that GGUF stores for each frequency (`rope_freqs.weight`).
 *
 * @throws GgufError where the factors are not those of any Llama 3 scaling
 */
export function ropeScalingOf(
  file: string,
  config: Pick<ModelConfig, 'headDim' | 'ropeTheta'>,
  factors_R: Float32Array,
): Llama3RopeScaling {
  const ropeScaling: Llama3RopeScaling = {
    type: 'llama3',
    factor: factors_R.reduce((most, factor) => Math.max(most, factor), 0),
    lowFrequencyFactor: LOW_FREQUENCY_FACTOR,
    highFrequencyFactor: HIGH_FREQUENCY_FACTOR,
    originalMaxPositions: ORIGINAL_MAX_POSITIONS,
  };
  const plain = rotaryFrequencies(config);
  const scaled = rotaryFrequencies({ ...config, ropeScaling });
  const fits =
    factors_R.length === plain.length &&
    factors_R.every((factor, r) => Math.abs((factor * scaled[r]) / plain[r] - 1) < TOLERANCE);
  if (fits) return ropeScaling;
  throw new GgufError(
    `${file}: rope_freqs.weight does not hold the factors of Llama 3's rotary scaling; other scalings are not supported`,
  );
}
