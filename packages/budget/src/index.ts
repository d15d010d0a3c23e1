export type { LengthReward } from './length-reward.js';
export type { BudgetMoment, TokenBudget } from './token-budget.js';
