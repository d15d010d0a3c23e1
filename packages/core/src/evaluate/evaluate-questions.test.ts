import type { CompletionReward } from '@midtrain/losses';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { generate } from '../tree/generate.js';
import { evaluateQuestions, type QuestionOutcome, summariseQuestions } from './evaluate-questions.js';

beforeAll(startBackend);

const tokenizer = { decode: (ids: ArrayLike<number>) => Array.from(ids).join(' ') };
const questions = Array.from({ length: 7 }, (_, i) => ({
  id: `q${i}`,
  promptTokenIds: Int32Array.from({ length: 1 + i }, (_, t) => (5 * i + 7 * t + 3) % TINY.vocabularySize),
  gold: String(i),
}));
const reward: CompletionReward = ({ gold, ended }) => ({
  reward: 0,
  accuracy: Number(gold) % 2,
  format: Number(ended),
});

describe('evaluateQuestions', () => {
  it('asks each question as plain greedy generation does, however many side by side', async () => {
    const policy = tinyPolicy(3);
    const outcomes: QuestionOutcome[] = [];
    const options = { policy, questions, tokenizer, reward, maxNewTokens: 6, stopTokenIds: [0, 1, 2, 3] };
    for await (const pass of evaluateQuestions({ ...options, questionsPerPass: 3 })) outcomes.push(...pass);
    expect(outcomes.map(({ questionId }) => questionId)).toEqual(questions.map(({ id }) => id));
    for (const [i, { completion }] of outcomes.entries()) {
      const plain: number[] = [];
      for await (const id of generate(policy, {
        promptTokenIds: [...questions[i].promptTokenIds],
        maxNewTokens: 6,
        temperature: 0,
        stopTokenIds: [0, 1, 2, 3],
      }))
        plain.push(id);
      expect(completion.ended ? completion.tokenIds.slice(0, -1) : completion.tokenIds).toEqual(plain);
    }
    const { accuracy, format, meanLength, clippedRatio } = summariseQuestions(outcomes);
    // Wilson's closed form for 3 of 7, worked out apart.
    expect(accuracy.accuracy).toBeCloseTo(3 / 7, 10);
    expect(accuracy.low).toBeCloseTo(0.15822, 4);
    expect(accuracy.high).toBeCloseTo(0.74954, 4);
    expect(format.accuracy).toBeCloseTo(1 - clippedRatio, 10);
    expect(meanLength).toBe(
      outcomes.reduce((sum, { completion }) => sum + completion.tokenIds.length, 0) / 7,
    );
  });
});
