import { BudgetError } from './budget-error.js';
import { requireNumber, TOKENS } from './require-number.js';

export interface BudgetInstructionOptions {
  /** The text, with `{budget}` (once or more) where the number goes. Default: the paper's sentence. */
  readonly template?: string;
}

/**
 * The sentence in the prompt that tells the policy its budget. The default is the paper's: "Please use exactly
 * B_t tokens within <think></think>". The function it returns takes the budget in tokens, a whole number ≥ 1.
 *
 * @throws BudgetError `invalid_template` here, for a template without `{budget}`; `invalid_length` from the
 *   function, for a number that is no budget.
 */
export const budgetInstruction = ({
  template = 'Please use exactly {budget} tokens within <think></think>.',
}: BudgetInstructionOptions = {}): ((budget: number) => string) => {
  if (typeof template !== 'string' || !template.includes('{budget}'))
    throw new BudgetError(
      'invalid_template',
      `template is ${JSON.stringify(template)}: give a text with {budget} where the number goes`,
    );
  return (budget) =>
    template.replaceAll('{budget}', String(requireNumber('invalid_length', 'budget', budget, TOKENS)));
};
