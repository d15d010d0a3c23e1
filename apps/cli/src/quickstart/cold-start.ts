import type {
  PretrainingDocument,
  ThoughtExample,
  ThoughtFormat,
  Tokenizer,
  TrainingDocument,
} from '@midtrain/core';
import { type RandomSource, uniformInt } from '@midtrain/curriculum';
import type { WorkedProblem } from './worked-problems.js';

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
  /** Lengths of drafts in tokens, drawn uniformly. */
  readonly draftTokens: readonly [from: number, to: number];
  /** Share of drafts that run on, 0..1, and the lengths of these: the base overthinks. */
  readonly overthought: { readonly share: number; readonly tokens: readonly [from: number, to: number] };
  readonly maxTokens: number;
  readonly random: RandomSource;
}

/** Index of the token that starts at each byte of the text where one starts. */
export function tokenStarts(
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
  { id, text, answerStart }: WorkedProblem,
  tokenizer: Tokenizer,
  maxTokens: number,
): TrainingDocument {
  const eos = tokenizer.eosTokenId === undefined ? [] : [tokenizer.eosTokenId];
  const whole = [...tokenizer.encode(text, { addSpecialTokens: false }), ...eos];
  const tokenIds = Int32Array.from(whole.slice(0, maxTokens));
  const firstCandidate = tokenStarts(tokenIds, tokenizer).get(Buffer.byteLength(text.slice(0, answerStart)));
  return { id, tokenIds, firstCandidate: firstCandidate ?? tokenIds.length };
}

/**
 * A document with examples of thoughts.
 *
 * @param calculations what was noted about the token at a position, by position
 */
export function withThoughts(
  document: TrainingDocument,
  calculations: ReadonlyMap<number, string>,
  options: Omit<ColdStartOptions, 'share' | 'maxTokens'>,
): PretrainingDocument {
  const { tokenizer, format, perDocument, budgets, draftTokens, overthought, random } = options;
  const between = ([from, to]: readonly [number, number]) => from + uniformInt(to - from + 1, random);
  const draftLength = () => between(random.next() < overthought.share ? overthought.tokens : draftTokens);
  const { tokenIds, firstCandidate = 1 } = document;
  if (firstCandidate >= tokenIds.length) return document;
  const thoughts = Array.from({ length: perDocument }, (_, i): ThoughtExample => {
    const noted = [...calculations.keys()];
    const position =
      i % 2 === 1 && noted.length > 0
        ? noted[uniformInt(noted.length, random)]
        : firstCandidate + uniformInt(tokenIds.length - firstCandidate, random);
    const calculation = calculations.get(position);
    const thought =
      calculation === undefined
        ? tokenIds.slice(position, position + draftLength())
        : tokenizer.encode(calculation, { addSpecialTokens: false });
    return {
      position,
      instruction: format.instruction(between(budgets)),
      tokenIds: [...thought, format.endOfThought, tokenIds[position]],
    };
  });
  return { ...document, thoughts };
}

/**
 * Documents that show what a thought looks like, since a base that has never seen `<think>` cannot explore it (the
 * paper's models had learnt it in their own post-training). Before the result of a noted calculation the thought is
 * that calculation; elsewhere it is a draft of what comes next, which now and then runs on. The budget named with it says
 * nothing about its length: the base overthinks, and mid-training has to teach it the budget.
 */
export function coldStart(
  problems: readonly WorkedProblem[],
  options: ColdStartOptions,
): PretrainingDocument[] {
  const { tokenizer, share, maxTokens, random } = options;
  return problems.map((problem) => {
    const document = tokeniseProblem(problem, tokenizer, maxTokens);
    if (random.next() >= share) return document;
    const starts = tokenStarts(document.tokenIds, tokenizer);
    const calculations = new Map<number, string>();
    for (const { at, text } of problem.notes) {
      const position = starts.get(Buffer.byteLength(problem.text.slice(0, at)));
      if (position !== undefined) calculations.set(position, text);
    }
    return withThoughts(document, calculations, options);
  });
}
