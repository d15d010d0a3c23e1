import type {
  PretrainingDocument,
  ThoughtExample,
  ThoughtFormat,
  Tokenizer,
  TrainingDocument,
} from '@midtrain/core';
import { type RandomSource, uniformInt } from '@midtrain/curriculum';
import type { Gsm8kDocument } from './gsm8k.js';

/** How the cold start's examples are made. */
export interface ColdStartOptions {
  readonly tokenizer: Tokenizer;
  readonly format: ThoughtFormat;
  /** Share of the documents that carry examples, 0..1. */
  readonly share: number;
  /** Examples of each such document. */
  readonly perDocument: number;
  /** Budgets named in the examples, drawn uniformly: the base learns to read them, not to keep to them. */
  readonly budgets: readonly [from: number, to: number];
  /** Longest draft, in tokens. */
  readonly maxDraftTokens: number;
  readonly maxTokens: number;
  readonly random: RandomSource;
}

/** Index of the token that starts at each byte of the text where one starts. */
function tokenStarts(
  tokenIds: ArrayLike<number>,
  tokenizer: Pick<Tokenizer, 'tokenBytes'>,
): Map<number, number> {
  const starts = new Map<number, number>();
  let bytes = 0;
  for (let i = 0; i < tokenIds.length; i++) {
    starts.set(bytes, i);
    bytes += tokenizer.tokenBytes(tokenIds[i]).length;
  }
  return starts;
}

/** A problem in tokens, cut to `maxTokens`; its answer's tokens are the candidates. */
export function tokeniseProblem(
  { id, text, answerStart }: Gsm8kDocument,
  tokenizer: Tokenizer,
  maxTokens: number,
): TrainingDocument {
  const eos = tokenizer.eosTokenId === undefined ? [] : [tokenizer.eosTokenId];
  const whole = [...tokenizer.encode(text, { addSpecialTokens: false }), ...eos];
  const tokenIds = Int32Array.from(whole.slice(0, maxTokens));
  const firstCandidate = tokenStarts(tokenIds, tokenizer).get(Buffer.byteLength(text.slice(0, answerStart)));
  return { id, tokenIds, firstCandidate: firstCandidate ?? tokenIds.length };
}

/** A draft of the rest of the sentence, from its next token on. */
function draft(tokenIds: Int32Array, position: number, tokenizer: Tokenizer, longest: number): number[] {
  const tokens: number[] = [];
  for (let i = position; i < tokenIds.length && tokens.length < longest; i++) {
    tokens.push(tokenIds[i]);
    if (/[.\n]\s*$/.test(tokenizer.decode([tokenIds[i]]))) break;
  }
  return tokens;
}

/**
 * Documents that show what a thought looks like, since a base that has never seen `<think>` cannot explore it (the
 * paper's models had learnt it in their own post-training). Before the result of a noted calculation the thought is
 * that calculation; elsewhere it is a draft of the rest of the sentence. The budget named with it says nothing about
 * its length: the base overthinks, and mid-training has to teach it the budget.
 */
export function coldStart(
  problems: readonly Gsm8kDocument[],
  options: ColdStartOptions,
): PretrainingDocument[] {
  const { tokenizer, format, share, perDocument, budgets, maxDraftTokens, maxTokens, random } = options;
  return problems.map((problem) => {
    const document = tokeniseProblem(problem, tokenizer, maxTokens);
    if (random.next() >= share) return document;
    const { tokenIds, firstCandidate = 1 } = document;
    if (firstCandidate >= tokenIds.length) return document;
    const starts = tokenStarts(tokenIds, tokenizer);
    const calculations = new Map<number, string>();
    for (const { at, text } of problem.notes) {
      const position = starts.get(Buffer.byteLength(problem.text.slice(0, at)));
      if (position !== undefined) calculations.set(position, text);
    }
    const thoughts = Array.from({ length: perDocument }, (_, i): ThoughtExample => {
      const noted = [...calculations.keys()];
      const position =
        i % 2 === 1 && noted.length > 0
          ? noted[uniformInt(noted.length, random)]
          : firstCandidate + uniformInt(tokenIds.length - firstCandidate, random);
      const calculation = calculations.get(position);
      const thought =
        calculation === undefined
          ? draft(tokenIds, position, tokenizer, maxDraftTokens)
          : tokenizer.encode(calculation, { addSpecialTokens: false });
      const budget = budgets[0] + uniformInt(budgets[1] - budgets[0] + 1, random);
      return {
        position,
        instruction: format.instruction(budget),
        tokenIds: [...thought, format.endOfThought, tokenIds[position]],
      };
    });
    return { ...document, thoughts };
  });
}
