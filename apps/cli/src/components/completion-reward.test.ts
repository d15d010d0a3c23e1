import { expect, test } from 'vitest';
import { completionRewardConfig } from '../config/completion-reward-config.js';
import type { PostTrainConfig } from '../config/post-train-config.js';
import { makeCompletionReward } from './completion-reward.js';
import { componentSource } from './component-source.js';

/** What a completion is graded at, asked with a prompt. */
async function accuracy(text: string, prompt: string | undefined, reward: object = {}): Promise<number> {
  const config = {
    reward: completionRewardConfig.parse({ use: 'math', ...reward }),
    questions: { prompt } as PostTrainConfig['questions'],
  };
  const grade = await makeCompletionReward(config, [], componentSource('config.yaml'));
  return grade({ questionId: 'q', gold: '7', text, tokenIds: [] } as unknown as Parameters<typeof grade>[0])
    .accuracy;
}

test('where the prompt opens a thought, an answer within it does not count', async () => {
  for (const prompt of ['{question}<think>', '{question}\n<think>\n']) {
    expect(await accuracy('it is 7', prompt)).toBe(0);
    expect(await accuracy('first 3</think>7', prompt)).toBe(1);
    expect(await accuracy('first 7</think>3', prompt)).toBe(0);
  }
  expect(await accuracy('it is 7', '{question}')).toBe(1);
  expect(await accuracy('it is 7', undefined)).toBe(1);
});

test('the configuration decides where it says so', async () => {
  expect(await accuracy('it is 7', '{question}<think>', { startsInThought: false })).toBe(1);
  expect(await accuracy('it is 7', '{question}', { startsInThought: true })).toBe(0);
});
