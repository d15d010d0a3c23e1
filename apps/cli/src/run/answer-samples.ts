import type { PostTrainReport, Question, QuestionSample, Tokenizer } from '@midtrain/core';

/** A line of `rollouts.jsonl`: one question with its completions, in text. */
export interface AnswerSample {
  readonly step: number;
  readonly questionId: string;
  readonly prompt: string;
  readonly gold: string;
  readonly completions: readonly {
    readonly text: string;
    /** Tokens. */
    readonly length: number;
    readonly ended: boolean;
    readonly reward: number;
    readonly accuracy: number;
    readonly format: number;
    readonly advantage: number;
  }[];
}

/** Makes readable samples of a step's first `count` questions. */
export function answerSamples(
  questions: readonly Question[],
  tokenizer: Pick<Tokenizer, 'decode'>,
  count: number,
): (report: Pick<PostTrainReport, 'metrics' | 'samples'>) => AnswerSample[] {
  const promptOf = new Map(questions.map(({ id, promptTokenIds }) => [id, promptTokenIds]));
  const readable = (step: number, sample: QuestionSample): AnswerSample => ({
    step,
    questionId: sample.questionId,
    prompt: tokenizer.decode(promptOf.get(sample.questionId) ?? []),
    gold: sample.gold,
    completions: sample.completions.map(({ tokenIds, ended }, i) => {
      const { reward, accuracy, format } = sample.scores[i];
      return {
        text: tokenizer.decode(tokenIds),
        length: tokenIds.length,
        ended,
        reward,
        accuracy,
        format,
        advantage: sample.advantages[i],
      };
    }),
  });
  return ({ metrics, samples }) => samples.slice(0, count).map((sample) => readable(metrics.step, sample));
}
