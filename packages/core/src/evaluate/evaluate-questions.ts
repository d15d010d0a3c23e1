import { seededRandom } from '@midtrain/curriculum';
import type { CompletionReward, CompletionScore } from '@midtrain/losses';
import type { Policy } from '../policy/policy.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { Question } from '../train/question.js';
import { scoreCompletions } from '../train/score-completions.js';
import { treeCompletions } from '../tree/complete.js';
import type { Completion } from '../tree/completion-contract.js';
import { type Accuracy, wilsonInterval } from './wilson-interval.js';

/** How one question was answered. */
export interface QuestionOutcome {
  readonly questionId: string;
  readonly completion: Completion;
  readonly score: CompletionScore;
}

/** How well questions were answered. */
export interface QuestionAccuracy {
  /** Answers with full accuracy. */
  readonly accuracy: Accuracy;
  /** Answers wholly in the asked-for form. */
  readonly format: Accuracy;
  /** Mean tokens of an answer. */
  readonly meanLength: number;
  /** Share of answers that were cut off at the limit. */
  readonly clippedRatio: number;
}

export interface EvaluateQuestionsOptions {
  readonly policy: Policy;
  readonly questions: readonly Question[];
  readonly tokenizer: Pick<Tokenizer, 'decode'>;
  readonly reward: CompletionReward;
  /** Longest answer, in tokens. */
  readonly maxNewTokens: number;
  /** Default 0, greedy. */
  readonly temperature?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Tokens that end an answer. Default the model's own. */
  readonly stopTokenIds?: readonly number[];
  /** Questions answered side by side. Default 16. */
  readonly questionsPerPass?: number;
  readonly signal?: AbortSignal;
}

/**
 * Answers every question once, several side by side; yields each pass's outcomes as they come.
 *
 * @throws whatever `options.signal` was aborted with, between two tokens
 */
export async function* evaluateQuestions(
  options: EvaluateQuestionsOptions,
): AsyncGenerator<readonly QuestionOutcome[], void, void> {
  const { policy, questions, tokenizer, reward, maxNewTokens, signal } = options;
  const { temperature = 0, questionsPerPass = 16, stopTokenIds = policy.config.eosTokenIds } = options;
  const random = seededRandom(options.seed ?? 0, 'evaluate');
  for (let first = 0; first < questions.length; first += questionsPerPass) {
    const pass = questions.slice(first, first + questionsPerPass);
    const prompts = pass.map(({ promptTokenIds }) => promptTokenIds);
    const request = { prompts, groupSize: 1, maxNewTokens, stopTokenIds, temperature, random, signal };
    const answers = await treeCompletions(policy)(request);
    yield pass.map((question, i) => ({
      questionId: question.id,
      completion: answers[i][0],
      score: scoreCompletions(answers[i], question, tokenizer, reward)[0],
    }));
  }
}

/** Accuracy and form with their 95 % intervals, and the answers' lengths. */
export function summariseQuestions(outcomes: readonly QuestionOutcome[]): QuestionAccuracy {
  const count = (holds: (outcome: QuestionOutcome) => boolean) => outcomes.filter(holds).length;
  const share = (sum: number) => (outcomes.length === 0 ? 0 : sum / outcomes.length);
  return {
    accuracy: wilsonInterval(
      count(({ score }) => score.accuracy >= 1),
      outcomes.length,
    ),
    format: wilsonInterval(
      count(({ score }) => score.format >= 1),
      outcomes.length,
    ),
    meanLength: share(outcomes.reduce((sum, { completion }) => sum + completion.tokenIds.length, 0)),
    clippedRatio: share(count(({ completion }) => !completion.ended)),
  };
}
