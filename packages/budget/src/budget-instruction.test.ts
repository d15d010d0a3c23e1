import { describe, expect, it } from 'vitest';
import { budgetInstruction } from './budget-instruction.js';

describe('budgetInstruction', () => {
  it('is the sentence of the paper by default', () => {
    expect(budgetInstruction()(160)).toBe('Please use exactly 160 tokens within <think></think>.');
  });

  it('fills every place in a template and leaves other braces alone', () => {
    const instruction = budgetInstruction({ template: '[{budget}] {"max": {budget}} $& {other}' });
    expect(instruction(7)).toBe('[7] {"max": 7} $& {other}');
  });

  it.each(['', 'Think briefly.', '{Budget}', '{ budget }'])('refuses the template %j', (template) => {
    expect(() => budgetInstruction({ template })).toThrow(
      expect.objectContaining({ code: 'invalid_template' }),
    );
  });
});
