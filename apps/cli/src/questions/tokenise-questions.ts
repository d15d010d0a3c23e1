import type { Question } from '@midtrain/core';
import type { Problem } from '@midtrain/eval-math';
import { ConfigError } from '../cli-error.js';

export interface TokeniseQuestionsOptions {
  /** Makes a question's prompt, in tokens. */
  readonly encode: (question: string) => number[];
  /** Longest completion, in tokens. */
  readonly maxNewTokens: number;
  /** Longest sequence of the model, in tokens. */
  readonly maxPositions: number;
  readonly overlong: 'error' | 'skip';
  /** For errors. */
  readonly configFile: string;
}

/**
 * Puts questions into tokens, and checks that each leaves room for the longest completion.
 *
 * @throws ConfigError naming the first that does not, unless they are skipped, and where none is left
 */
export function tokeniseQuestions(
  problems: readonly Problem[],
  options: TokeniseQuestionsOptions,
): Question[] {
  const { encode, maxNewTokens, maxPositions, overlong, configFile } = options;
  const questions: Question[] = [];
  for (const { id, question, gold } of problems) {
    const promptTokenIds = Int32Array.from(encode(question));
    if (promptTokenIds.length === 0) {
      throw new ConfigError(
        `${configFile}: questions: ${id}: its prompt has no tokens; set questions.prompt to a text with words`,
      );
    }
    if (promptTokenIds.length + maxNewTokens <= maxPositions) {
      questions.push({ id, promptTokenIds, gold });
    } else if (overlong === 'error') {
      throw new ConfigError(
        `${configFile}: questions: ${id}: its prompt has ${promptTokenIds.length} tokens and rollout.maxNewTokens is ${maxNewTokens}, expected at most the model's context of ${maxPositions} together; lower it or set questions.overlong to skip`,
      );
    }
  }
  if (questions.length > 0 || problems.length === 0) return questions;
  throw new ConfigError(
    `${configFile}: rollout.maxNewTokens: is ${maxNewTokens}, which leaves room for none of the questions in the model's context of ${maxPositions} tokens; lower it`,
  );
}
