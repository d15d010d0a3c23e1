import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '@midtrain/eval-math';
import { UsageError } from '../cli-error.js';
import type { PostTrainConfig } from '../config/post-train-config.js';
import { benchmarkText } from './benchmark-text.js';

/** GSM8K, which comes with the command. */
export const shippedGsm8k = (split: 'train' | 'test'): string =>
  fileURLToPath(new URL(`../assets/gsm8k/${split}.jsonl.gz`, import.meta.url));

type Files = PostTrainConfig['questions']['files'];

/**
 * The problems of one or several files, in their order. With several, each id is led by its file's name.
 *
 * @throws UsageError naming a file that cannot be read; EvalMathError naming file and line
 */
async function readFiles(
  files: NonNullable<Files>,
  config: PostTrainConfig['questions'],
): Promise<Problem[]> {
  const { parseBenchmark } = await import('@midtrain/eval-math');
  const { benchmark, question, gold, limit } = config;
  const paths = typeof files === 'string' ? [files] : files;
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const name = basename(path);
    if (seen.has(name)) {
      throw new UsageError(`${path}: another file of questions is called ${name} as well; rename one`);
    }
    seen.add(name);
    const parsed = parseBenchmark(benchmark, await benchmarkText(path), path, { question, gold });
    const lead = paths.length > 1 ? `${name}:` : '';
    problems.push(...parsed.problems.map((problem) => ({ ...problem, id: `${lead}${problem.id}` })));
  }
  return problems.slice(0, limit);
}

/** What a run asks: to learn from, and before and after. */
export interface RunProblems {
  readonly training: readonly Problem[];
  readonly heldOut: readonly Problem[];
}

/** Reads the questions that a configuration names; GSM8K without files is what comes along. */
export async function readProblems({ questions, evaluation }: PostTrainConfig): Promise<RunProblems> {
  const shipped = questions.files === undefined;
  const heldOutFiles = evaluation.files ?? (shipped ? shippedGsm8k('test') : undefined);
  const asked = evaluation.limit > 0 ? heldOutFiles : undefined;
  return {
    training: await readFiles(questions.files ?? shippedGsm8k('train'), questions),
    heldOut: asked === undefined ? [] : await readFiles(asked, { ...questions, limit: evaluation.limit }),
  };
}
