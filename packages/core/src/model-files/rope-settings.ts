import type { ConfigJson } from './config-json.js';
import type { Llama3RopeScaling } from './model-config.js';
import { ModelConfigError } from './model-config-error.js';

/** transformers' default for all three families. */
const DEFAULT_THETA = 10_000;

/**
 * The rotary embedding's base and scaling, from `rope_theta` and `rope_scaling` (the hub's form) or from
 * `rope_parameters` (transformers 5).
 *
 * @throws ModelConfigError for a kind of scaling other than `default` and `llama3`, or where a setting is missing
 */
export function ropeSettings(
  file: string,
  json: ConfigJson,
): { readonly ropeTheta: number; readonly ropeScaling?: Llama3RopeScaling } {
  const key = json.rope_parameters ? 'rope_parameters' : 'rope_scaling';
  const rope = json[key];
  const ropeTheta = json.rope_parameters?.rope_theta ?? json.rope_theta ?? DEFAULT_THETA;
  const type = rope?.rope_type ?? rope?.type ?? 'default';
  if (!rope || type === 'default') return { ropeTheta };
  if (type !== 'llama3') {
    throw new ModelConfigError(
      `${file}: ${key}.rope_type: is ${JSON.stringify(type)}, expected 'default' or 'llama3'; other rotary scalings are not supported`,
    );
  }
  const required = (
    name: 'factor' | 'low_freq_factor' | 'high_freq_factor' | 'original_max_position_embeddings',
  ): number => {
    const value = rope[name];
    if (value === undefined) {
      throw new ModelConfigError(
        `${file}: ${key}.${name}: is missing, expected a number with rope_type 'llama3'`,
      );
    }
    return value;
  };
  const lowFrequencyFactor = required('low_freq_factor');
  const highFrequencyFactor = required('high_freq_factor');
  if (highFrequencyFactor <= lowFrequencyFactor) {
    throw new ModelConfigError(
      `${file}: ${key}.high_freq_factor: is ${highFrequencyFactor}, expected more than low_freq_factor (${lowFrequencyFactor})`,
    );
  }
  return {
    ropeTheta,
    ropeScaling: {
      type,
      factor: required('factor'),
      lowFrequencyFactor,
      highFrequencyFactor,
      originalMaxPositions: required('original_max_position_embeddings'),
    },
  };
}
