import { basename, resolve } from 'node:path';
import { budgetInstruction } from '@midtrain/budget';
import {
  CorpusError,
  collectCorpus,
  disposePolicy,
  openCorpus,
  type TokenizedDocument,
  thoughtFormat,
  tokenizeCorpus,
} from '@midtrain/core';
import { thresholdTiers } from '@midtrain/curriculum';
import { type Command, Option } from 'commander';
import { UsageError } from '../cli-error.js';
import { firstCandidateAfter } from '../corpus/first-candidate.js';
import { type EvalScore, printScore } from '../evaluate/print-score.js';
import { scorePositions } from '../evaluate/score-positions.js';
import { scoreText } from '../evaluate/score-text.js';
import { type OpenModel, openModel } from '../model/open-model.js';
import {
  addBackendOptions,
  addBaseOption,
  addJsonOption,
  type BackendFlags,
  notNegative,
  wholeNumber,
} from '../options.js';
import { printJson } from '../print-json.js';
import { type Progress, showProgress } from '../progress/progress.js';
import { addMethods } from '../report/add-methods.js';
import { readRun } from '../report/run-data.js';
import { withBackend } from '../with-backend.js';

interface EvalFlags extends BackendFlags {
  readonly base?: string;
  readonly corpus: readonly string[];
  readonly field?: string;
  readonly template?: string;
  readonly remove?: string;
  readonly overlong: 'error' | 'skip' | 'truncate';
  readonly documents?: number;
  readonly reasoning?: boolean;
  readonly budget: number;
  readonly thoughtLimit?: number;
  readonly instruction?: string;
  readonly startOfThought?: string;
  readonly endOfThought?: string;
  readonly tiersBy?: string;
  readonly into?: string;
  readonly label?: string;
  readonly candidatesAfter?: string;
  readonly positions: number;
  readonly temperature: number;
  readonly seed: number;
  readonly json?: boolean;
}

async function readDocuments(
  flags: EvalFlags,
  { policy, tokenizer }: OpenModel,
): Promise<TokenizedDocument[]> {
  const { corpus: files, field, template, remove, overlong } = flags;
  const corpus = openCorpus({ files, field, template, removePattern: remove });
  const { maxPositions: maxTokens } = policy.config;
  const documents = await collectCorpus(tokenizeCorpus(corpus, tokenizer, { maxTokens, overlong }));
  const wanted = documents.slice(0, flags.documents);
  if (wanted.some(({ tokenIds }) => tokenIds.length > 1)) return wanted;
  throw new CorpusError(
    'empty_corpus',
    `${files.join(', ')}: no document of 2 to ${maxTokens} tokens; a token is scored given those before it`,
  );
}

/** How the model is to think, and how long a text may be so that there is room for a thought after it. */
function thinking(flags: EvalFlags, { policy, tokenizer }: OpenModel) {
  const { budget, thoughtLimit: maxThoughtTokens = 2 * budget, temperature } = flags;
  const { startOfThought, endOfThought } = flags;
  const instruction = budgetInstruction({ template: flags.instruction });
  const format = thoughtFormat({ tokenizer, instruction, startOfThought, endOfThought });
  const room = policy.config.maxPositions - format.instruction(budget).length - maxThoughtTokens - 1;
  if (room < 2) {
    throw new UsageError(
      `--budget: ${budget} makes thoughts of up to ${maxThoughtTokens} tokens, expected room for a text in the model's context of ${policy.config.maxPositions}`,
    );
  }
  return { room, reasoning: { format, budget, maxThoughtTokens, temperature } };
}

/** Asks at positions of each tier, without and, where `--reasoning` is given, with a thought. */
async function ask(flags: EvalFlags, model: OpenModel, documents: readonly TokenizedDocument[]) {
  const { seed, positions, candidatesAfter, tiersBy } = flags;
  const { room, reasoning } = flags.reasoning
    ? thinking(flags, model)
    : { room: model.policy.config.maxPositions };
  const other = tiersBy === undefined ? undefined : (await openModel(tiersBy)).policy;
  let progress: Progress | undefined;
  try {
    return await scorePositions({
      policy: model.policy,
      tiersBy: other,
      // Positions further on than this leave no room for a thought.
      documents: documents.map(({ id, text, tokenIds }) => ({
        id,
        tokenIds: tokenIds.slice(0, room),
        firstCandidate:
          candidatesAfter === undefined
            ? undefined
            : firstCandidateAfter(candidatesAfter, text, tokenIds, model.tokenizer),
      })),
      tiers: thresholdTiers(),
      reasoning,
      perTier: positions,
      seed,
      onProgress: (done, total) => {
        progress ??= showProgress({ label: 'positions', total });
        progress.update(done);
      },
    });
  } finally {
    progress?.stop();
    if (other) disposePolicy(other);
  }
}

async function run(directory: string, flags: EvalFlags): Promise<void> {
  const { into, label = basename(resolve(directory)) } = flags;
  if (into !== undefined) await readRun(into);
  const model = await openModel(directory, flags.base);
  const documents = await readDocuments(flags, model);
  const progress = showProgress({ label: 'documents', total: documents.length });
  const text = await scoreText({
    policy: model.policy,
    documents: documents.map(({ tokenIds }) => tokenIds),
    tiers: thresholdTiers(),
    onProgress: (done) => progress.update(done),
  }).finally(progress.stop);
  const asked = flags.reasoning || into !== undefined ? await ask(flags, model, documents) : undefined;
  if (into !== undefined && asked) await addMethods(into, label, asked);
  const { withoutReasoning, withReasoning: reasoning } = asked ?? {};
  const score: EvalScore = { ...text, withoutReasoning, reasoning };
  if (flags.json) await printJson(score);
  else printScore(score);
}

/** `midtrain eval lm`: next-token accuracy by tier, without and with reasoning. */
export function addEvalLm(evaluation: Command): void {
  const command = evaluation
    .command('lm')
    .description('next-token accuracy by tier with 95 % intervals, without and with reasoning')
    .argument('<model>', 'Hugging Face model directory, or a PEFT adapter’s')
    .requiredOption('--corpus <file...>', '.txt, .jsonl or .parquet')
    .option('--field <name>', 'field that holds the text (default: text)')
    .option('--template <text>', 'makes the text of several fields, as "{question} {answer}"')
    .option('--remove <regexp>', 'what it matches is left out of the texts')
    .addOption(
      new Option('--overlong <rule>', 'documents longer than the context')
        .choices(['error', 'skip', 'truncate'])
        .default('error'),
    )
    .option('--documents <n>', 'only the first n documents', wholeNumber(1))
    .option('--reasoning', 'also let it think before it predicts')
    .option('--budget <tokens>', 'of a thought', wholeNumber(1), 160)
    .option(
      '--thought-limit <tokens>',
      'where a thought is cut off (default: twice the budget)',
      wholeNumber(1),
    )
    .option('--instruction <template>', 'with {budget} (default: the paper’s sentence)')
    .option('--start-of-thought <token>', 'special token that opens a thought (default: <think>)')
    .option('--end-of-thought <token>', 'special token that closes it (default: </think>)')
    .option('--tiers-by <model>', 'whose entropies decide the tiers of positions (default: the model’s own)')
    .option('--into <run>', 'also put the accuracies at these positions into a run’s report')
    .option('--label <text>', 'what the report calls them (default: the model’s folder)')
    .option('--candidates-after <text>', 'think only after the first occurrence of this text')
    .option('--positions <n>', 'most positions of each tier to think at', wholeNumber(1), 200)
    .option('--temperature <t>', 'of the thoughts; 0 is greedy', notNegative, 0)
    .option('--seed <n>', 'decides positions and draws', wholeNumber(0), 0);
  addJsonOption(addBackendOptions(addBaseOption(command))).action((model: string, flags: EvalFlags) =>
    withBackend(flags, () => run(model, flags)),
  );
}
