import { describe, expect, it } from 'vitest';
import {
  adaptiveBudget,
  BudgetError,
  type BudgetErrorCode,
  budgetInstruction,
  capReward,
  constantBudget,
  cosineBudget,
  exponentialBudget,
  lcpoExactReward,
  lcpoMaxReward,
  linearBudget,
  linearPenaltyReward,
  triangularReward,
} from './index.js';

const NOT_TOKENS = [Number.NaN, -1, 0, 1.5, Number.POSITIVE_INFINITY, 2 ** 53, '8', null];
const NOT_LENGTHS = NOT_TOKENS.filter((value) => value !== 0);
const NOT_POSITIVE = [Number.NaN, -1, 0, Number.POSITIVE_INFINITY, '1'];
const base = constantBudget({ tokens: 10 });

/** Values are wrong on purpose, also in type: what reaches a package from JavaScript or a config. */
const wrong = (value: unknown) => value as number;

const expectBudgetError = (code: BudgetErrorCode, field: string, act: () => unknown) => {
  let thrown: unknown;
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(BudgetError);
  expect(thrown).toMatchObject({ code, name: 'BudgetError' });
  expect((thrown as BudgetError).message).toMatch(new RegExp(`^${field} is .*: give .+$`));
};

describe('options', () => {
  const tokenOptions: [string, (value: number) => unknown][] = [
    ['initialTokens', (initialTokens) => exponentialBudget({ initialTokens })],
    ['minTokens', (minTokens) => exponentialBudget({ minTokens })],
    ['tokens', (tokens) => constantBudget({ tokens })],
    ['initialTokens', (initialTokens) => linearBudget({ initialTokens })],
    ['finalTokens', (finalTokens) => linearBudget({ finalTokens })],
    ['initialTokens', (initialTokens) => cosineBudget({ initialTokens })],
    ['finalTokens', (finalTokens) => cosineBudget({ finalTokens })],
    ['minTokens', (minTokens) => adaptiveBudget(base, { minTokens })],
  ];
  it.each(tokenOptions)('%s refuses what is no number of tokens', (field, make) => {
    for (const value of NOT_TOKENS) expectBudgetError('invalid_option', field, () => make(wrong(value)));
  });

  const positiveOptions: [string, (value: number) => unknown][] = [
    ['decay', (decay) => exponentialBudget({ decay })],
    ['maxReward', (maxReward) => triangularReward({ maxReward })],
    ['maxReward', (maxReward) => capReward({ maxReward })],
    ['maxPenalty', (maxPenalty) => linearPenaltyReward({ maxPenalty })],
    ['alpha', (alpha) => lcpoExactReward({ alpha })],
    ['alpha', (alpha) => lcpoMaxReward({ alpha })],
  ];
  it.each(positiveOptions)('%s refuses what is not above 0', (field, make) => {
    for (const value of NOT_POSITIVE) expectBudgetError('invalid_option', field, () => make(wrong(value)));
  });

  it('refuses what is out of its range', () => {
    expectBudgetError('invalid_option', 'decay', () => exponentialBudget({ decay: 1.0001 }));
    expectBudgetError('invalid_option', 'delta', () => lcpoMaxReward({ delta: 1.1 }));
    expectBudgetError('invalid_option', 'cacheTokens', () => linearPenaltyReward({ cacheTokens: 0.5 }));
    expectBudgetError('invalid_option', 'easiestScale', () => adaptiveBudget(base, { easiestScale: 2.1 }));
    expectBudgetError('invalid_option', 'hardestScale', () => adaptiveBudget(base, { hardestScale: -0.1 }));
    expectBudgetError('invalid_option', 'maxTokens', () =>
      adaptiveBudget(base, { minTokens: 5, maxTokens: 4 }),
    );
  });
});

describe('moments', () => {
  const schedules = [exponentialBudget(), base, linearBudget(), cosineBudget(), adaptiveBudget(base)];
  it.each(schedules.map((schedule) => [schedule]))('%# refuses a moment outside the run', (schedule) => {
    for (const value of NOT_TOKENS)
      expectBudgetError('invalid_moment', 'totalSteps', () =>
        schedule({ step: 0, totalSteps: wrong(value) }),
      );
    for (const value of [...NOT_LENGTHS, 11])
      expectBudgetError('invalid_moment', 'step', () => schedule({ step: wrong(value), totalSteps: 10 }));
  });

  it('refuses a difficulty that is no quantile', () => {
    for (const value of [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY, '0.5'])
      expectBudgetError('invalid_moment', 'difficulty', () =>
        adaptiveBudget(base)({ step: 0, totalSteps: 1, difficulty: wrong(value) }),
      );
  });
});

describe('lengths', () => {
  const rewards = [
    triangularReward(),
    capReward(),
    linearPenaltyReward(),
    lcpoExactReward(),
    lcpoMaxReward(),
  ];
  it.each(rewards.map((reward) => [reward]))('%# refuses what is no length or no budget', (reward) => {
    for (const value of NOT_LENGTHS)
      expectBudgetError('invalid_length', 'length', () => reward(wrong(value), 10));
    for (const value of NOT_TOKENS)
      expectBudgetError('invalid_length', 'budget', () => reward(10, wrong(value)));
  });

  it('refuses a budget that cannot be written into the prompt', () => {
    for (const value of NOT_TOKENS)
      expectBudgetError('invalid_length', 'budget', () => budgetInstruction()(wrong(value)));
  });
});
