import { generate } from '@midtrain/core';
import type { Benchmark, BenchmarkFormat, Generate } from '@midtrain/eval-math';
import { UsageError } from '../cli-error.js';
import type { OpenModel } from '../model/open-model.js';
import { benchmarkText } from '../questions/benchmark-text.js';
import { shippedGsm8k } from '../questions/read-problems.js';

/** Reads a benchmark from a file; GSM8K without one is the shipped test set. */
export async function openBenchmark(format: BenchmarkFormat, file: string | undefined): Promise<Benchmark> {
  const { parseBenchmark } = await import('@midtrain/eval-math');
  if (file === undefined && format !== 'gsm8k')
    throw new UsageError(`--file: is missing, expected the JSONL file of ${format}`);
  const path = file ?? shippedGsm8k('test');
  return parseBenchmark(format, await benchmarkText(path), path);
}

export interface AnswerOptions {
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
}

/**
 * Checks that every question leaves room for its answer, before the first is asked.
 *
 * @throws UsageError naming the first that does not
 */
export function requireRoom(
  problems: Benchmark['problems'],
  { policy, tokenizer }: OpenModel,
  prompt: (question: string) => string,
  maxNewTokens: number,
): void {
  const { maxPositions } = policy.config;
  for (const { id, question } of problems) {
    const tokens = tokenizer.encode(prompt(question)).length;
    if (tokens + maxNewTokens <= maxPositions) continue;
    throw new UsageError(
      `problem ${id}: its prompt has ${tokens} tokens and --max-new-tokens is ${maxNewTokens}, expected at most the model's context of ${maxPositions} together`,
    );
  }
}

/** Lets a policy answer: a prompt in, the text that it adds out. One seed decides each sample of each problem. */
export function policyAnswers({ policy, tokenizer }: OpenModel, options: AnswerOptions): Generate {
  const { maxNewTokens, temperature, seed } = options;
  return async ({ prompt, sample, signal }) => {
    const promptTokenIds = tokenizer.encode(prompt);
    const answer: number[] = [];
    const request = { promptTokenIds, maxNewTokens, temperature, seed: seed + sample, signal };
    for await (const id of generate(policy, request)) answer.push(id);
    return tokenizer.decode(answer, { skipSpecialTokens: true });
  };
}
