import { describe, expect, it } from 'vitest';
import { mathReward } from './reward.js';

describe('mathReward', () => {
  it('adds accuracy and form by their weights', () => {
    const reward = mathReward({ gold: '\\frac{1}{2}' });
    expect(reward('So it is \\boxed{0.5}.')).toMatchObject({ reward: 1.1, accuracy: 1, format: 1 });
    expect(reward('So it is \\boxed{0.6}.')).toMatchObject({ reward: 0.1, accuracy: 0, format: 1 });
    expect(reward('So it is 0.5.')).toMatchObject({ reward: 1, accuracy: 1, format: 0 });
    expect(reward('No idea.')).toMatchObject({ reward: 0, accuracy: 0, format: 0 });
    const weighed = mathReward({ gold: '1', accuracyWeight: 2, formatWeight: 0.5 });
    expect(weighed('\\boxed{1}').reward).toBe(2.5);
  });

  it('asks for one box behind the thoughts', () => {
    const reward = mathReward({ gold: '5' });
    expect(reward('\\boxed{5} and \\boxed{5}').format).toBe(0);
    expect(reward('<think>\\boxed{4}</think>\\boxed{5}').format).toBe(1);
    expect(reward('<think>a</think><think>b</think>\\boxed{5}').format).toBe(0);
  });

  it('asks for GSM8K’s last line, once', () => {
    const reward = mathReward({ gold: '5', format: 'gsm8k' });
    expect(reward('2 + 3 = 5.\n#### 5')).toMatchObject({ accuracy: 1, format: 1 });
    expect(reward('#### 6\n')).toMatchObject({ accuracy: 0, format: 1 });
    for (const text of ['\\boxed{5}', '#### 5\nSo 5.', '####', '#### 4\n#### 5', 'It is #### 5'])
      expect(reward(text).format, text).toBe(0);
  });

  it('asks for thinking tags where told to', () => {
    const reward = mathReward({ gold: '5', format: 'think' });
    expect(reward('<think>2 + 3</think> \\boxed{5}').format).toBe(1);
    expect(reward('\\boxed{5}').format).toBe(0);
    expect(reward('First: <think>2 + 3</think> \\boxed{5}').format).toBe(0);
    expect(reward('</think><think> \\boxed{5}').format).toBe(0);
  });

  it.each(['boxed', 'think', 'gsm8k'] as const)(
    'pays nothing for an answer within a thought, in the form %s',
    (format) => {
      const reward = mathReward({ gold: '5', format });
      for (const answer of ['\\boxed{5}', '5', '#### 5', 'The final answer is 5.']) {
        expect(reward(`<think>${answer}`).reward, 'cut off').toBe(0);
        expect(reward(`<think>\n${answer}\n</think>`).reward, 'nothing behind').toBe(0);
        expect(reward(`${answer}</think>\n`).reward, 'nothing behind, opened by the prompt').toBe(0);
      }
      expect(reward('5</think>\\boxed{5}').accuracy).toBe(1);
    },
  );

  it('pays nothing for a cut thought that the prompt opened, where told so', () => {
    const reward = mathReward({ gold: '5', format: 'think', startsInThought: true });
    expect(reward('2 + 3 = \\boxed{5}')).toMatchObject({ reward: 0, accuracy: 0, format: 0 });
    expect(reward('2 + 3</think> \\boxed{5}')).toMatchObject({ reward: 1.1, accuracy: 1, format: 1 });
    expect(reward('2 + 3</think> \\boxed{6}')).toMatchObject({ reward: 0.1, accuracy: 0, format: 1 });
    expect(mathReward({ gold: '5' })('2 + 3 = \\boxed{5}').reward).toBe(1.1);
  });

  it('passes options on to the grade', () => {
    expect(mathReward({ gold: '3.14', precision: 2 })('\\boxed{\\pi}').accuracy).toBe(1);
  });

  it.each([
    [{ gold: '' }, 'gold'],
    [{ gold: '1', accuracyWeight: -1 }, 'accuracyWeight'],
    [{ gold: '1', formatWeight: Number.NaN }, 'formatWeight'],
    [{ gold: '1', format: 'box' as 'boxed' }, 'format'],
    [{ gold: '1', precision: -1 }, 'precision'],
    [{ gold: '1', startsInThought: 1 as unknown as boolean }, 'startsInThought'],
  ])('refuses %o at once', (options, field) => {
    expect(() => mathReward(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(field) }),
    );
  });
});
