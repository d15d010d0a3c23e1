import type { RmtDefaults } from './rmt-defaults.js';

/** A way to go on from a base. */
export interface Method {
  readonly id: string;
  readonly label: string;
  readonly kind: 'none' | 'next-token' | 'train';
  /** What its runs set otherwise than the study's configuration. */
  readonly overrides: readonly string[];
  /** Whether it is trained for as many floating-point operations as RMT, instead of as many steps. */
  readonly sameCompute?: boolean;
  /** The method whose learning rate it takes; its own search where absent. */
  readonly rateOf?: string;
  /** The method that is the same at its own rate. */
  readonly twinOf?: string;
}

export const BASE = 'base';
export const NEXT_TOKEN = 'next-token';
export const NEXT_TOKEN_COMPUTE = 'next-token-compute';
export const RPT = 'rpt';
export const RMT = 'rmt';
export const NO_BUDGET = 'rmt-no-budget';
export const NO_CURRICULUM = 'rmt-no-curriculum';
export const NO_NEXT_TOKEN = 'rmt-no-next-token';
export const ADAPTIVE = 'rmt-adaptive';
const minimumBudget = (tokens: number): string => `rmt-min-${tokens}`;

/** The three components, each by the method that lacks it. */
export const ABLATIONS = [NO_BUDGET, NO_CURRICULUM, NO_NEXT_TOKEN] as const;

/** The same method at RMT's learning rate: what a component is worth must not be what another rate is worth. */
export const atRmtRate = (method: string): string => `${method}-rmt-rate`;

const yaml = (value: object): string => JSON.stringify(value);

/**
 * The methods that are compared. Without the budget B_t stays at B_0 and the reward leaves the length out, so that the
 * number in the prompt says nothing; RPT is that with its own reward, its own positions and no next-token loss.
 *
 * @param minimumBudgets values of B_min beside the default, tokens
 */
export function methods(defaults: RmtDefaults, minimumBudgets: readonly number[]): Method[] {
  const { initialTokens, decay, thresholds } = defaults;
  const noBudget = [`budget=${yaml({ use: 'constant', tokens: initialTokens })}`, 'reward.lengthWeight=0'];
  const tiers = { by: 'thresholds', thresholds };
  const train = (id: string, label: string, ...overrides: string[]): Method => ({
    id,
    label,
    kind: 'train',
    overrides,
  });
  const listed: Method[] = [
    { id: BASE, label: 'base', kind: 'none', overrides: [] },
    { id: NEXT_TOKEN, label: 'next-token training, same documents', kind: 'next-token', overrides: [] },
    {
      id: NEXT_TOKEN_COMPUTE,
      label: 'next-token training, same FLOPs',
      kind: 'next-token',
      overrides: [],
      sameCompute: true,
    },
    train(
      RPT,
      'RPT',
      ...noBudget,
      'reward.match.use=prefix',
      `curriculum=${yaml({ use: 'entropy-filter', minEntropy: thresholds[0] })}`,
      'lambda=0',
    ),
    train(RMT, 'RMT'),
    train(NO_BUDGET, 'RMT without the budget', ...noBudget),
    train(NO_CURRICULUM, 'RMT without the curriculum', `curriculum=${yaml({ use: 'uniform', tiers })}`),
    train(NO_NEXT_TOKEN, 'RMT without the next-token loss', 'lambda=0'),
    // Without B_min, which the schedule does not reach and which would lengthen the short budgets alone.
    train(ADAPTIVE, 'RMT, budget by difficulty', `budget=${yaml({ use: 'adaptive', initialTokens, decay })}`),
    ...minimumBudgets.map(
      (tokens): Method => ({
        ...train(minimumBudget(tokens), `RMT, B_min ${tokens}`, `budget.minTokens=${tokens}`),
        rateOf: RMT,
      }),
    ),
  ];
  const twins = listed
    .filter(({ id }) => (ABLATIONS as readonly string[]).includes(id))
    .map(
      ({ id, label, ...method }): Method => ({
        ...method,
        id: atRmtRate(id),
        label: `${label}, at RMT’s rate`,
        rateOf: RMT,
        twinOf: id,
      }),
    );
  return [...listed, ...twins];
}
