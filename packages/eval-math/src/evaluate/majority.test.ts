import { describe, expect, it } from 'vitest';
import { majorityAtK } from './majority.js';

const sample = (prediction: string | null, correct = false) => ({
  text: '',
  prediction,
  correct,
  reason: '',
});

describe('majorityAtK', () => {
  it('lets the commonest answer win, however it is written', () => {
    const samples = [
      sample('0.25'),
      sample('1/2', true),
      sample('0.5', true),
      sample('\\frac{1}{2}', true),
      sample('0.25'),
    ];
    expect(majorityAtK(samples, 5)).toBe(1);
    expect(majorityAtK(samples, 1)).toBe(0);
  });

  it('gives the first of equals the vote', () => {
    expect(majorityAtK([sample('3'), sample('4', true)], 2)).toBe(0);
    expect(majorityAtK([sample('4', true), sample('3')], 2)).toBe(1);
  });

  it('gives samples without an answer no vote', () => {
    expect(majorityAtK([sample(null), sample(null), sample('4', true)], 3)).toBe(1);
    expect(majorityAtK([sample(null)], 1)).toBe(0);
  });

  it('counts answers that were read behind a thought which the prompt opened', () => {
    const samples = [sample('3'), sample('1/2', true), sample('0.5', true)];
    expect(majorityAtK(samples, 3, { startsInThought: true })).toBe(1);
  });

  it('agrees with counting on answers that are written alike', () => {
    const answers = ['a', 'b', 'b', 'c', 'c', 'c', 'b', 'b'];
    for (let k = 1; k <= answers.length; k += 1) {
      const counts = new Map<string, number>();
      for (const answer of answers.slice(0, k)) counts.set(answer, (counts.get(answer) ?? 0) + 1);
      const most = Math.max(...counts.values());
      const winner = [...counts].find(([, count]) => count === most)![0];
      for (const right of ['a', 'b', 'c']) {
        const samples = answers.map((answer) => sample(`\\text{${answer}x}`, answer === right));
        expect(majorityAtK(samples, k)).toBe(winner === right ? 1 : 0);
      }
    }
  });
});
