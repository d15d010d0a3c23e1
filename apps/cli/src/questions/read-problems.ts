import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '@midtrain/eval-math';
import { UsageError } from '../cli-error.js';
import type { PostTrainConfig } from '../config/post-train-config.js';
import { packageFile } from '../package-file.js';
import { benchmarkText } from './benchmark-text.js';

/** GSM8K, which comes with the command. */
export const shippedGsm8k = (split: 'train' | 'test'): string =>
  fileURLToPath(packageFile(`assets/gsm8k/${split}.jsonl.gz`));

/**
 * Leads each id with its file's name, so that no two questions of a run share one.
 *
 * @throws UsageError where two files have one name
 */
function fileNames(): (path: string) => string {
  const paths = new Map<string, string>();
  return (path) => {
    const name = basename(path);
    if ((paths.get(name) ?? path) !== path) {
      throw new UsageError(`${path}: another file of questions is called ${name} as well; rename one`);
    }
    paths.set(name, path);
    return name;
  };
}

/**
 * The problems of one or several files, in their order.
 *
 * @throws UsageError naming a file that cannot be read; EvalMathError naming file and line
 */
async function readFiles(
  files: string | readonly string[],
  { benchmark, question, gold, limit }: PostTrainConfig['questions'],
  nameOf: (path: string) => string,
): Promise<Problem[]> {
  const { parseBenchmark } = await import('@midtrain/eval-math');
  const problems: Problem[] = [];
  for (const path of typeof files === 'string' ? [files] : new Set(files)) {
    const parsed = parseBenchmark(benchmark, await benchmarkText(path), path, { question, gold });
    const name = nameOf(path);
    problems.push(...parsed.problems.map((problem) => ({ ...problem, id: `${name}:${problem.id}` })));
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
  const nameOf = fileNames();
  const held = { ...questions, limit: evaluation.limit };
  return {
    training: await readFiles(questions.files ?? shippedGsm8k('train'), questions, nameOf),
    heldOut: asked === undefined ? [] : await readFiles(asked, held, nameOf),
  };
}
