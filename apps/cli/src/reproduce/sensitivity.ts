import type { RmtDefaults } from './rmt-defaults.js';

/** One value of RMT set otherwise, everything else as it is. */
export interface Setting {
  readonly id: string;
  /** What is varied, as `w` or `γ`. */
  readonly parameter: string;
  /** Its default and the value tried, as a reader sees them. */
  readonly usual: string;
  readonly value: string;
  readonly overrides: readonly string[];
}

/** A smaller γ with a B_min that leaves it room; else the budget would end where it does anyway. */
function withRoom(setting: Setting, { initialTokens, minTokens }: RmtDefaults): Setting {
  const last = Math.max(1, Math.floor(initialTokens * Number(setting.value)));
  if (last >= minTokens) return setting;
  return {
    ...setting,
    value: `${setting.value}, B_min ${last}`,
    overrides: [...setting.overrides, `budget.minTokens=${last}`],
  };
}

/** What is set otherwise than the paper has it, all back at once; each of them alone is a setting of its own. */
function asPublished({ advantageScale, lengthOnlyIfMatched, loss }: RmtDefaults): Setting[] {
  const overrides = [
    ...(advantageScale === 'group' ? [] : ['advantage.scale=group']),
    ...(lengthOnlyIfMatched ? ['reward.lengthOnlyIfMatched=false'] : []),
    ...(loss === 'grpo' ? [] : ['loss.use=grpo']),
  ];
  if (overrides.length < 2) return [];
  return [
    {
      id: 'as-published',
      parameter: 'advantages, length and loss',
      usual: 'as above',
      value: 'as published',
      overrides,
    },
  ];
}

const shown = (values: readonly number[]): string => values.map((value) => String(value)).join(', ');
const rounded = (value: number): number => Number(value.toPrecision(3));

/**
 * Values on either side of each default: a third and three times of w and λ, half and double of γ and G (γ at most 1),
 * both transitions earlier or later, thresholds at half and at one and a half times; and advantages divided by their
 * group's deviation, as the paper has it, or not; the length counted always, or where the match holds; and the policy
 * loss a mean over each branch's tokens, which favours short ones, or over those of all; and all that is not as published.
 *
 * @param bothSides else only the first of each
 */
export function settings(defaults: RmtDefaults, bothSides: boolean): Setting[] {
  const { lengthWeight, lambda, decay, start, end, thresholds, groupSize, advantageScale } = defaults;
  const { lengthOnlyIfMatched, loss } = defaults;
  const number = (id: string, parameter: string, field: string, usual: number, values: readonly number[]) =>
    values.map((value): Setting => {
      const tried = rounded(value);
      return {
        id: `${id}-${tried}`,
        parameter,
        usual: String(usual),
        value: String(tried),
        overrides: [`${field}=${tried}`],
      };
    });
  const transitions = [
    [0.1, 0.3],
    [0.7, 0.9],
  ].map(
    ([from, to]): Setting => ({
      id: `transitions-${from}-${to}`,
      parameter: 't₁, t₂',
      usual: shown([start, end]),
      value: shown([from, to]),
      overrides: [`curriculum.schedule.start=${from}`, `curriculum.schedule.end=${to}`],
    }),
  );
  const tiers = [0.5, 1.5].map((factor): Setting => {
    const cuts = thresholds.map((cut) => rounded(factor * cut));
    return {
      id: `thresholds-${factor}`,
      parameter: 'tiers begin above (nats)',
      usual: shown(thresholds),
      value: shown(cuts),
      overrides: [`curriculum.tiers.thresholds=[${shown(cuts)}]`],
    };
  });
  const scale = advantageScale === 'group' ? 'none' : 'group';
  const counted = (onlyIfMatched: boolean) => (onlyIfMatched ? 'where the match holds' : 'always');
  const otherLoss = loss === 'dapo' ? 'grpo' : 'dapo';
  const named = (which: string) => (which === 'group' ? 'the group’s deviation' : 'nothing');
  const groups = [
    number('w', 'w, weight of the length', 'reward.lengthWeight', lengthWeight, [
      3 * lengthWeight,
      lengthWeight / 3,
    ]),
    number('lambda', 'λ, weight of the next-token loss', 'lambda', lambda, [lambda / 3, 3 * lambda]),
    number('gamma', 'γ, what is left of the budget', 'budget.decay', decay, [
      decay / 2,
      Math.min(1, 2 * decay),
    ]).map((setting) => withRoom(setting, defaults)),
    transitions,
    tiers,
    number('group', 'G, branches a position', 'batch.groupSize', groupSize, [
      Math.max(2, groupSize / 2),
      2 * groupSize,
    ]),
    [
      {
        id: `advantage-${scale}`,
        parameter: 'advantages divided by',
        usual: named(advantageScale),
        value: named(scale),
        overrides: [`advantage.scale=${scale}`],
      },
    ],
    [
      {
        id: `length-${lengthOnlyIfMatched ? 'always' : 'if-matched'}`,
        parameter: 'the length counts',
        usual: counted(lengthOnlyIfMatched),
        value: counted(!lengthOnlyIfMatched),
        overrides: [`reward.lengthOnlyIfMatched=${!lengthOnlyIfMatched}`],
      },
    ],
    [
      {
        id: `loss-${otherLoss}`,
        parameter: 'policy loss',
        usual: loss,
        value: otherLoss,
        overrides: [`loss.use=${otherLoss}`],
      },
    ],
  ];
  return [...groups, asPublished(defaults)].flatMap((group) => (bothSides ? group : group.slice(0, 1)));
}
