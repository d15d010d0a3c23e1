import { writeFileAtomic } from '@midtrain/core';
import type { BenchmarkFormat, ProblemResult, Summary } from '@midtrain/eval-math';
import { type Command, Option } from 'commander';
import { UsageError } from '../cli-error.js';
import { BENCHMARK_FORMATS } from '../config/benchmark-formats.js';
import { openBenchmark, policyAnswers, requireRoom } from '../evaluate/math-answers.js';
import { promptTemplate } from '../evaluate/prompt-template.js';
import { openModel } from '../model/open-model.js';
import {
  addBackendOptions,
  addBaseOption,
  addJsonOption,
  type BackendFlags,
  notNegative,
  wholeNumber,
} from '../options.js';
import { printJson } from '../print-json.js';
import { showProgress } from '../progress/progress.js';
import { withBackend } from '../with-backend.js';

interface MathFlags extends BackendFlags {
  readonly base?: string;
  readonly benchmark: BenchmarkFormat;
  readonly file?: string;
  readonly samples: number;
  readonly limit?: number;
  readonly prompt?: string;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly cache?: string;
  readonly out?: string;
  readonly json?: boolean;
}

async function run(directory: string, flags: MathFlags): Promise<void> {
  if (flags.prompt !== undefined && !flags.prompt.includes('{question}'))
    throw new UsageError('--prompt: lacks {question}, where the question goes');
  const { evaluate, summarise } = await import('@midtrain/eval-math');
  const { samples, limit, temperature, seed, maxNewTokens } = flags;
  const prompt = await promptTemplate(flags.prompt);
  const benchmark = await openBenchmark(flags.benchmark, flags.file);
  const model = await openModel(directory, flags.base);
  requireRoom(benchmark.problems.slice(0, limit), model, prompt, maxNewTokens);
  const answers = policyAnswers(model, { maxNewTokens, temperature, seed });
  const results: ProblemResult[] = [];
  const total = Math.min(limit ?? benchmark.problems.length, benchmark.problems.length);
  const progress = showProgress({ label: flags.benchmark, total });
  try {
    const cacheKey = JSON.stringify([directory, flags.base, maxNewTokens, temperature, seed]);
    const options = { samples, limit: total, prompt, cacheDir: flags.cache, cacheKey, concurrency: 1 };
    for await (const result of evaluate(answers, benchmark, options)) {
      results.push(result);
      const right = results.filter(({ correct }) => correct > 0).length;
      progress.update(results.length, `${right} answered right`);
    }
  } finally {
    progress.stop();
  }
  if (flags.out !== undefined) {
    await writeFileAtomic(flags.out, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
  }
  const summary = summarise(results);
  if (flags.json) await printJson({ benchmark: flags.benchmark, ...summary });
  else process.stdout.write(describe(summary));
}

function describe({ problems, samples, passAt, majAt, bySubject, byLevel }: Summary): string {
  const groups = [
    ...Object.entries(bySubject),
    ...Object.entries(byLevel).map(([level, value]) => [`level ${level}`, value] as const),
  ];
  const width = Math.max(8, ...groups.map(([name]) => name.length));
  const row = (name: string, { value, low, high }: Summary['passAt1']) =>
    `  ${name.padEnd(width)} ${(100 * value).toFixed(2)} %  [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]\n`;
  const rows = (name: string, by: Summary['passAt']) =>
    Object.entries(by).map(([k, value]) => row(`${name}@${k}`, value));
  return [
    `${problems} problems, ${samples} samples each\n`,
    ...rows('pass', passAt),
    ...rows('maj', majAt),
    ...(groups.length > 0 ? ['pass@1 of each\n'] : []),
    ...groups.map(([name, value]) => row(name, value)),
  ].join('');
}

/** `midtrain eval math`: pass@1, pass@k and maj@k on a benchmark. */
export function addEvalMath(evaluation: Command): void {
  const command = evaluation
    .command('math')
    .description('pass@1, pass@k and maj@k on a maths benchmark, with bootstrap intervals')
    .argument('<model>', 'Hugging Face model directory, or a PEFT adapter’s')
    .addOption(
      new Option('--benchmark <name>', 'format of the benchmark')
        .choices(BENCHMARK_FORMATS)
        .makeOptionMandatory(),
    )
    .option('--file <jsonl>', 'its file (default for gsm8k: the test set that comes with midtrain)')
    .option('--samples <k>', 'answers a problem', wholeNumber(1), 1)
    .option('--limit <n>', 'only the first n problems', wholeNumber(1))
    .option('--prompt <template>', 'with {question} (default: asks for a \\boxed{} answer)')
    .option('--max-new-tokens <n>', 'of an answer', wholeNumber(1), 256)
    .option('--temperature <t>', '0 takes the most likely token', notNegative, 0)
    .option('--seed <n>', 'decides the draws', wholeNumber(0), 0)
    .option('--cache <folder>', 'keep answers here and go on from there')
    .option('--out <jsonl>', 'write every answer and its grade');
  addJsonOption(addBackendOptions(addBaseOption(command))).action((model: string, flags: MathFlags) =>
    withBackend(flags, () => run(model, flags)),
  );
}
