import { budgetInstruction } from '@midtrain/budget';
import { disposePolicy, midTrain, type StepReport, thoughtFormat } from '@midtrain/core';
import { requireProducts, type SelectedBackend } from '@midtrain/kernels';
import { ConfigError } from '../cli-error.js';
import { composeComponents } from '../components/compose.js';
import { usesReference } from '../components/policy-loss.js';
import type { TrainConfig } from '../config/train-config.js';
import { type DocumentLoader, loadDocuments } from '../corpus/load-documents.js';
import { loadReference } from '../model/load-reference.js';
import { openModel } from '../model/open-model.js';
import { putAdapter } from '../model/put-adapter.js';
import { contextRoom } from './context-room.js';
import { driveRun } from './drive-run.js';
import { finishRun, type RunSummary } from './finish-run.js';
import type { OpenedRun } from './open-run.js';
import { optimiserSettings } from './optimiser-settings.js';
import { requireEnough } from './require-enough.js';
import { rolloutSamples } from './rollout-samples.js';
import { writeRunRecord } from './run-record.js';

const DEFAULT_PREDICTION_TOKENS = 1;

const figures = ({ metrics }: StepReport): string =>
  `match ${(100 * metrics.matchReward).toFixed(1)} % · length ${metrics.meanLength.toFixed(0)} of ${metrics.budget.toFixed(0)} · loss ${metrics.loss.toFixed(3)}`;

function instructionOf({ instruction }: TrainConfig, configFile: string): (budget: number) => string {
  try {
    return budgetInstruction({ template: instruction.template });
  } catch (cause) {
    throw new ConfigError(`${configFile}: instruction.template: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Mid-trains a model as a configuration says. Everything is read and checked before the first file is written.
 *
 * @param load reads the configuration's corpus; another one may remember what it has read
 */
export async function trainRun(
  run: OpenedRun<TrainConfig>,
  backend: SelectedBackend,
  load: DocumentLoader = loadDocuments,
): Promise<RunSummary> {
  const { config, configFile, folder } = run;
  requireProducts(config.compute);
  const { batch, rollout, seed, steps: totalSteps } = config;
  const components = await composeComponents(config, configFile);
  const { policy: model, tokenizer, ...directories } = await openModel(config.model);
  const policy = putAdapter(model, config.lora, seed, configFile);
  const { startOfThought, endOfThought } = config.instruction;
  const format = thoughtFormat({
    tokenizer,
    instruction: instructionOf(config, configFile),
    startOfThought,
    endOfThought,
  });
  const thoughtLimit = (budget: number) => Math.max(1, Math.floor(rollout.thoughtLimit * budget));
  const { predictionTokens = DEFAULT_PREDICTION_TOKENS, temperature } = rollout;
  const { maxPositions } = policy.config;
  const { budget } = components;
  const roomTokens = contextRoom({
    budget,
    format,
    thoughtLimit,
    predictionTokens,
    totalSteps,
    maxPositions,
    configFile,
  });
  const { training } = await load({
    corpus: config.corpus,
    tokenizer,
    roomTokens,
    seed,
    configFile,
  });
  requireEnough(configFile, 'batch.documents', batch.documents, training.length, 'documents of the corpus');
  const reference = usesReference(config.loss) ? await loadReference(config, policy) : undefined;

  await run.create();
  await writeRunRecord(folder, 'train', backend);
  await driveRun<StepReport>({
    folder,
    command: 'train',
    totalSteps,
    checkpoint: config.checkpoint,
    figures,
    samples: rolloutSamples(training, tokenizer, config.samples),
    profile: run.profile,
    start: (resume, onPart) =>
      midTrain({
        ...components,
        ...optimiserSettings(config.optimiser, totalSteps),
        policy,
        reference,
        tokenizer,
        format,
        documents: training,
        totalSteps,
        documentsPerStep: batch.documents,
        positionsPerStep: batch.positions,
        groupSize: batch.groupSize,
        maxTokensPerPass: batch.maxTokensPerPass,
        recompute: batch.recompute,
        compute: config.compute,
        seed,
        temperature,
        predictionTokens,
        thoughtLimit,
        resume,
        onPart,
      }),
  });
  const saveMerged = config.lora?.saveMerged;
  const summary = await finishRun({ folder, policy, ...directories, saveMerged, phase: 'midtrain' });
  disposePolicy(policy);
  if (reference) disposePolicy(reference);
  return summary;
}
