import type { MathReward, Problem } from '@midtrain/eval-math';
import type { CompletionReward, CompletionScore } from '@midtrain/losses';
import { ConfigError } from '../cli-error.js';
import { COMPLETION_REWARDS } from '../config/completion-reward-config.js';
import { isOwn } from '../config/component.js';
import type { PostTrainConfig } from '../config/post-train-config.js';
import { type ComponentSource, FUNCTION } from './component-source.js';

const PARTS = ['reward', 'accuracy', 'format'] as const;

/** A reward of one's own, held to its contract: three finite numbers. */
function checked(reward: CompletionReward, use: string): CompletionReward {
  return (outcome) => {
    const score: Partial<CompletionScore> | undefined = reward(outcome);
    const bad = PARTS.find((part) => !Number.isFinite(score?.[part]));
    if (bad === undefined) return score as CompletionScore;
    throw new ConfigError(
      `reward.use: ${use}: gave ${bad} ${score?.[bad]} for ${outcome.questionId}, expected finite numbers reward, accuracy and format`,
    );
  };
}

/** Whether a question's prompt ends within a thought, as its template is written. */
const opensThought = ({ prompt = '' }: PostTrainConfig['questions']): boolean =>
  prompt.trimEnd().endsWith('<think>');

/** The reward of completions that a configuration names; the problems bring what they ask of a grade. */
export async function makeCompletionReward(
  { reward: config, questions }: Pick<PostTrainConfig, 'reward' | 'questions'>,
  problems: readonly Problem[],
  source: ComponentSource,
): Promise<CompletionReward> {
  if (isOwn(config, COMPLETION_REWARDS)) {
    return checked(await source.own<CompletionReward>(config, 'reward', FUNCTION), config.use);
  }
  const { mathReward } = await import('@midtrain/eval-math');
  const { use: _, ...given } = config;
  const options = { startsInThought: opensThought(questions), ...given };
  source.builtIn('reward', () => mathReward({ ...options, gold: '0' }));
  const asks = new Map(problems.map(({ id, gradeOptions }) => [id, gradeOptions]));
  const rewards = new Map<string, (completion: string) => MathReward>();
  return ({ questionId, gold, text }) => {
    const reward = rewards.get(questionId) ?? mathReward({ ...options, ...asks.get(questionId), gold });
    rewards.set(questionId, reward);
    return reward(text);
  };
}
