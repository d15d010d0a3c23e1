import {
  disposePolicy,
  initialisePolicy,
  loadTokenizer,
  type ModelConfig,
  type PretrainingDocument,
  type PretrainReport,
  pretrain,
  requireFittingTokenizer,
  type Tokenizer,
} from '@midtrain/core';
import { requireProducts, type SelectedBackend } from '@midtrain/kernels';
import { ConfigError } from '../cli-error.js';
import type { PretrainConfig } from '../config/pretrain-config.js';
import { coldStartDocuments } from '../corpus/cold-start-documents.js';
import { type DocumentLoader, loadDocuments } from '../corpus/load-documents.js';
import { type ModelPlaces, type OpenModel, openModel } from '../model/open-model.js';
import { putAdapter } from '../model/put-adapter.js';
import { driveRun } from './drive-run.js';
import { finishRun, type RunSummary } from './finish-run.js';
import type { OpenedRun } from './open-run.js';
import { optimiserSettings } from './optimiser-settings.js';
import { requireEnough } from './require-enough.js';
import { writeRunRecord } from './run-record.js';

type NewModel = NonNullable<PretrainConfig['newModel']>;

/** Rows of a new embedding are a multiple of this, for the sake of the matrix products. */
const ROW_MULTIPLE = 32;

const roundedUp = (size: number): number => Math.ceil(size / ROW_MULTIPLE) * ROW_MULTIPLE;

function modelConfigOf(model: NewModel, tokenizer: Tokenizer, configFile: string): ModelConfig {
  const { family, hiddenSize, layers, heads, keyValueHeads = heads, maxPositions } = model;
  const headDim = hiddenSize / heads;
  const expect = (holds: boolean, field: string, expected: string) => {
    if (!holds) throw new ConfigError(`${configFile}: newModel.${field}: ${expected}`);
  };
  expect(
    headDim % 2 === 0,
    'heads',
    `is ${heads}, expected to divide hiddenSize (${hiddenSize}) into even parts`,
  );
  expect(
    heads % keyValueHeads === 0,
    'keyValueHeads',
    `is ${keyValueHeads}, expected a divisor of heads (${heads})`,
  );
  return {
    family,
    vocabularySize: roundedUp(tokenizer.vocabularySize),
    hiddenSize,
    layers,
    heads,
    keyValueHeads,
    headDim,
    intermediateSize: model.intermediateSize ?? roundedUp((8 * hiddenSize) / 3),
    rmsNormEpsilon: 1e-6,
    ropeTheta: model.ropeTheta,
    maxPositions,
    tieWordEmbeddings: model.tieWordEmbeddings,
    attentionBias: family === 'qwen2',
    mlpBias: false,
    initializerRange: model.initializerRange,
    bosTokenId: tokenizer.bosTokenId,
    eosTokenIds: tokenizer.eosTokenId === undefined ? [] : [tokenizer.eosTokenId],
    padTokenId: tokenizer.padTokenId,
  };
}

async function startingModel(
  { model, newModel, seed }: PretrainConfig,
  configFile: string,
): Promise<OpenModel & ModelPlaces> {
  if (newModel === undefined) return openModel(model as string);
  const tokenizer = await loadTokenizer(newModel.tokenizer);
  const config = modelConfigOf(newModel, tokenizer, configFile);
  requireFittingTokenizer(tokenizer, config, newModel.tokenizer);
  return { policy: initialisePolicy(config, seed), tokenizer, tokenizerDirectory: newModel.tokenizer };
}

/** Where the documents of a run come from. */
export type DocumentSource = (
  model: OpenModel,
  run: OpenedRun<PretrainConfig>,
) => Promise<readonly PretrainingDocument[]>;

/** The documents of the configuration's corpus, with examples of thoughts where it asks for a cold start. */
export const corpusDocuments =
  (load: DocumentLoader = loadDocuments): DocumentSource =>
  async ({ policy, tokenizer }, { config, configFile }) => {
    const { corpus, coldStart, seed } = config;
    const { maxPositions } = policy.config;
    if (coldStart) {
      return coldStartDocuments({ config: { ...config, coldStart }, configFile, tokenizer, maxPositions });
    }
    return (await load({ corpus, tokenizer, roomTokens: maxPositions, seed, configFile })).training;
  };

/**
 * Trains a model, new or not, on next tokens. Everything is read and checked before the first file is written.
 *
 * @param source default the configuration's corpus
 */
export async function pretrainRun(
  run: OpenedRun<PretrainConfig>,
  backend: SelectedBackend,
  source: DocumentSource = corpusDocuments(),
): Promise<RunSummary> {
  const { config, configFile, folder } = run;
  requireProducts(config.compute);
  const { seed, steps: totalSteps } = config;
  const { policy: model, tokenizer, ...directories } = await startingModel(config, configFile);
  const policy = putAdapter(model, config.lora, seed, configFile);
  const documents = await source({ policy, tokenizer }, run);
  const { batch } = config;
  requireEnough(configFile, 'batch.documents', batch.documents, documents.length, 'documents of the corpus');

  await run.create();
  await writeRunRecord(folder, 'pretrain', backend);
  await driveRun<PretrainReport>({
    folder,
    command: 'pretrain',
    totalSteps,
    checkpoint: config.checkpoint,
    figures: ({ metrics }) => `loss ${metrics.loss.toFixed(3)}`,
    profile: run.profile,
    start: (resume, onPart) =>
      pretrain({
        ...optimiserSettings(config.optimiser, totalSteps),
        policy,
        documents,
        totalSteps,
        documentsPerStep: batch.documents,
        maxTokensPerPass: batch.maxTokensPerPass,
        recompute: batch.recompute,
        compute: config.compute,
        seed,
        resume,
        onPart,
      }),
  });
  const saveMerged = config.lora?.saveMerged;
  const summary = await finishRun({ folder, policy, ...directories, saveMerged, phase: 'pretrain' });
  disposePolicy(policy);
  return summary;
}
