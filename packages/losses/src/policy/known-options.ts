import { LossesError } from '../losses-error.js';
import type { PolicyLossOptions } from './options.js';

type Type = PolicyLossOptions['type'];
type OptionsOf<T extends Type> = Extract<PolicyLossOptions, { type: T }>;

const REGULARISATION = ['type', 'beta', 'klBiasCorrection', 'entropyCoefficient'] as const;
const CLIP = ['epsilonLow', 'epsilonHigh', 'delta'] as const;
const CLIPPED = [...REGULARISATION, ...CLIP, 'importanceSamplingLevel'] as const;

const KNOWN: { readonly [T in Type]: readonly Extract<keyof OptionsOf<T>, string>[] } = {
  grpo: CLIPPED,
  bnpo: CLIPPED,
  dapo: CLIPPED,
  dr_grpo: [...CLIPPED, 'maxCompletionLength'],
  cispo: [...REGULARISATION, 'importanceSamplingLevel', 'epsilonHigh'],
  sapo: [...REGULARISATION, 'importanceSamplingLevel', 'temperaturePositive', 'temperatureNegative'],
  luspo: [...REGULARISATION, ...CLIP],
  vespo: [...REGULARISATION, 'kPositive', 'lambdaPositive', 'kNegative', 'lambdaNegative'],
};

/**
 * The types forbid what a loss does not know; this says so to options that come from a file.
 *
 * @throws LossesError `invalid_option` for an unknown type, and for an option that the type does not have
 */
export function requireKnownOptions(options: PolicyLossOptions): void {
  if (!Object.hasOwn(KNOWN, options.type)) {
    throw new LossesError(
      'invalid_option',
      `type must be one of ${Object.keys(KNOWN).join(', ')}, got ${options.type}`,
    );
  }
  const known: readonly string[] = KNOWN[options.type];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new LossesError(
    'invalid_option',
    `${unknown} is not an option of ${options.type}; it has ${known.slice(1).join(', ')}`,
  );
}
