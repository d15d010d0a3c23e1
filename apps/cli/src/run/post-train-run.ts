import { join, relative } from 'node:path';
import {
  disposePolicy,
  type PostTrainComponents,
  type PostTrainReport,
  postTrain,
  writeJsonFile,
} from '@midtrain/core';
import { requireProducts, type SelectedBackend } from '@midtrain/kernels';
import { makeCompletionReward } from '../components/completion-reward.js';
import { componentSource } from '../components/component-source.js';
import { makePolicyLoss, usesReference } from '../components/policy-loss.js';
import { makeAdvantages } from '../components/reward.js';
import type { PostTrainConfig } from '../config/post-train-config.js';
import { answerQuestions, type QuestionEvaluation } from '../evaluate/answer-questions.js';
import { loadReference } from '../model/load-reference.js';
import { openModel } from '../model/open-model.js';
import { putAdapter } from '../model/put-adapter.js';
import { questionPrompt } from '../questions/question-prompt.js';
import { type RunProblems, readProblems } from '../questions/read-problems.js';
import { tokeniseQuestions } from '../questions/tokenise-questions.js';
import { answerSamples } from './answer-samples.js';
import { driveRun } from './drive-run.js';
import { finishRun, type RunSummary } from './finish-run.js';
import type { OpenedRun } from './open-run.js';
import { optimiserSettings } from './optimiser-settings.js';
import { readOptional } from './read-optional.js';
import { requireEnough } from './require-enough.js';
import { writeRunRecord } from './run-record.js';

const figures = ({ metrics }: PostTrainReport): string =>
  `right ${(100 * metrics.accuracy).toFixed(1)} % · form ${(100 * metrics.formatReward).toFixed(1)} % · length ${metrics.meanLength.toFixed(0)}`;

async function composeComponents(
  config: PostTrainConfig,
  { training, heldOut }: RunProblems,
  configFile: string,
): Promise<PostTrainComponents> {
  const source = componentSource(configFile);
  return {
    reward: await makeCompletionReward(config, [...training, ...heldOut], source),
    advantages: await makeAdvantages(config.advantage, source),
    policyLoss: await makePolicyLoss(config.loss, source),
  };
}

/** An evaluation of the run, asked once however often the run is resumed. */
async function evaluateOnce(
  file: string,
  evaluate: () => Promise<QuestionEvaluation>,
): Promise<QuestionEvaluation> {
  const known = await readOptional<QuestionEvaluation>(file, JSON.parse);
  if (known) return known;
  const evaluation = await evaluate();
  await writeJsonFile(file, evaluation);
  return evaluation;
}

/**
 * Post-trains a model as a configuration says, and asks it held-out questions before and after. Everything is read and
 * checked before the first file is written.
 */
export async function postTrainRun(
  run: OpenedRun<PostTrainConfig>,
  backend: SelectedBackend,
): Promise<RunSummary> {
  const { config, configFile, folder } = run;
  requireProducts(config.compute);
  const { batch, rollout, seed, steps: totalSteps, evaluation } = config;
  const { maxNewTokens, temperature } = rollout;
  const problems = await readProblems(config);
  const components = await composeComponents(config, problems, configFile);
  const { policy: model, tokenizer, ...directories } = await openModel(config.model);
  const policy = putAdapter(model, config.lora, seed, configFile);
  const tokens = {
    encode: await questionPrompt({ ...config.questions, ...directories, tokenizer, configFile }),
    maxNewTokens,
    maxPositions: policy.config.maxPositions,
    overlong: config.questions.overlong,
    configFile,
  };
  const training = tokeniseQuestions(problems.training, tokens);
  const heldOut = tokeniseQuestions(problems.heldOut, tokens);
  requireEnough(configFile, 'batch.questions', batch.questions, training.length, 'questions to train on');
  const reference = usesReference(config.loss) ? await loadReference(config, policy) : undefined;
  const goOn = `midtrain post-train --resume ${relative(process.cwd(), folder) || '.'}`;
  const ask = (label: 'before' | 'after') =>
    evaluateOnce(join(folder, `${label}.json`), () =>
      answerQuestions(label, goOn, {
        policy,
        questions: heldOut,
        tokenizer,
        reward: components.reward,
        maxNewTokens,
        temperature: evaluation.temperature,
        seed,
      }),
    );

  await run.create();
  await writeRunRecord(folder, 'post-train', backend);
  const before = heldOut.length > 0 ? await ask('before') : undefined;
  await driveRun<PostTrainReport>({
    folder,
    command: 'post-train',
    totalSteps,
    checkpoint: config.checkpoint,
    figures,
    samples: answerSamples(training, tokenizer, config.samples),
    profile: run.profile,
    start: (resume, onPart) =>
      postTrain({
        ...components,
        ...optimiserSettings(config.optimiser, totalSteps),
        policy,
        reference,
        tokenizer,
        questions: training,
        totalSteps,
        questionsPerStep: batch.questions,
        groupSize: batch.groupSize,
        maxTokensPerPass: batch.maxTokensPerPass,
        recompute: batch.recompute,
        compute: config.compute,
        maxNewTokens,
        seed,
        temperature,
        resume,
        onPart,
      }),
  });
  const answered = before && { before, after: await ask('after') };
  const summary = await finishRun({
    folder,
    policy,
    ...directories,
    saveMerged: config.lora?.saveMerged,
    phase: 'posttrain',
    answered,
  });
  disposePolicy(policy);
  if (reference) disposePolicy(reference);
  return summary;
}
