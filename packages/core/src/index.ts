export { ChatTemplateError } from './chat/chat-template-error.js';
export { type ChatTemplate, readChatTemplate } from './chat/read-chat-template.js';
export { type ChatMessage, type RenderChatOptions, renderChat } from './chat/render-chat.js';
export { CheckpointError } from './checkpoint/checkpoint-error.js';
export { appendJsonLine, truncateJsonLines } from './checkpoint/json-lines.js';
export { type Checkpoint, readCheckpoint, readLatestCheckpoint } from './checkpoint/read-checkpoint.js';
export { readTrainingState, writeTrainingState } from './checkpoint/training-checkpoint.js';
export {
  type CheckpointContent,
  type WriteCheckpointOptions,
  writeCheckpoint,
} from './checkpoint/write-checkpoint.js';
export {
  type BatchCursor,
  type BatchCursorOptions,
  type BatchCursorState,
  batchCursor,
} from './corpus/batch-cursor.js';
export { collectCorpus } from './corpus/collect-corpus.js';
export type { Corpus, CorpusDocument, RemovedText } from './corpus/corpus.js';
export { CorpusError, type CorpusErrorCode } from './corpus/corpus-error.js';
export { type CorpusOptions, openCorpus } from './corpus/open-corpus.js';
export { type PackedRows, type PackOptions, packDocuments } from './corpus/pack-documents.js';
export { type ShuffleOptions, shuffleCorpus } from './corpus/shuffle-corpus.js';
export { type CorpusSplit, type SplitOptions, splitCorpus } from './corpus/split-corpus.js';
export { type TokenizedDocument, type TokenizeOptions, tokenizeCorpus } from './corpus/tokenize-corpus.js';
export { type ExitCode, MidtrainError } from './errors.js';
export {
  type EvaluatePositionsOptions,
  evaluatePositions,
  type PositionOutcome,
  type ReasoningOptions,
  summariseOutcomes,
  type TierAccuracies,
} from './evaluate/evaluate-positions.js';
export {
  type EvaluateQuestionsOptions,
  evaluateQuestions,
  type QuestionAccuracy,
  type QuestionOutcome,
  summariseQuestions,
} from './evaluate/evaluate-questions.js';
export {
  type ChoosePositionsOptions,
  type ChosenPosition,
  chooseEvaluationPositions,
  type EvaluationPosition,
  type EvaluationTier,
} from './evaluate/evaluation-positions.js';
export { type Accuracy, wilsonInterval } from './evaluate/wilson-interval.js';
export { InputFileError } from './files/input-file-error.js';
export { writeFileAtomic, writeJsonFile } from './files/write-atomically.js';
export { DiskFullError, WriteError, writing } from './files/write-error.js';
export {
  type ConvertedModel,
  type ConvertGgufOptions,
  convertGguf,
} from './gguf/convert-gguf.js';
export { GgufError } from './gguf/gguf-error.js';
export { baseDirectoryOf, isAdapterDirectory } from './lora/base-directory.js';
export type { DropoutKey } from './lora/dropout.js';
export { loadAdapter } from './lora/load-adapter.js';
export type { LoraAdapter } from './lora/lora-adapter.js';
export { LoraError } from './lora/lora-error.js';
export type { LoraOptions, LoraSettings } from './lora/lora-options.js';
export { mergeLora } from './lora/merge-lora.js';
export { saveAdapter } from './lora/save-adapter.js';
export { withLora } from './lora/with-lora.js';
export { expectedParameters } from './model-files/expected-parameters.js';
export type { Llama3RopeScaling, ModelConfig, ModelFamily } from './model-files/model-config.js';
export { ModelConfigError } from './model-files/model-config-error.js';
export type { NamedTensor } from './model-files/named-tensor.js';
export { readModelConfig } from './model-files/read-model-config.js';
export {
  type ModelDirectory,
  ModelWeightsError,
  readModelDirectory,
} from './model-files/read-model-directory.js';
export { readSafetensors, readSafetensorsHeader } from './model-files/read-safetensors.js';
export { SafetensorsError } from './model-files/safetensors-error.js';
export type { TensorEntry } from './model-files/safetensors-header.js';
export type { NamedTensors, TensorSource } from './model-files/tensor-source.js';
export { modelConfigJson, writeModelConfig } from './model-files/write-model-config.js';
export { type WriteModelOptions, writeModelDirectory } from './model-files/write-model-directory.js';
export { writeSafetensors } from './model-files/write-safetensors.js';
export { decode, type PackedTokens } from './policy/decoder.js';
export type { Attend, TrainingPass } from './policy/decoder-layer.js';
export { initialisePolicy } from './policy/initialise.js';
export { loadPolicy } from './policy/load-policy.js';
export { disposePolicy, headWeight, type Policy, weightsOf } from './policy/policy.js';
export { predictTokens } from './policy/predict.js';
export { type SavePolicyOptions, savePolicy } from './policy/save-policy.js';
export { loadTokenizer } from './tokenizer/load-tokenizer.js';
export { requireFittingTokenizer } from './tokenizer/require-fitting-tokenizer.js';
export type { DecodeOptions, EncodeOptions, Tokenizer } from './tokenizer/tokenizer.js';
export { TokenizerError } from './tokenizer/tokenizer-error.js';
export { DivergenceError } from './train/divergence-error.js';
export type { TrainingDocument } from './train/document.js';
export { type DualUpdateOptions, type DualUpdateReport, dualGradients } from './train/dual-update.js';
export { type LearningRate, type LearningRateOptions, learningRate } from './train/learning-rate.js';
export { midTrain } from './train/mid-train.js';
export type { MidTrainComponents, MidTrainOptions } from './train/mid-train-options.js';
export { postTrain } from './train/post-train.js';
export type { PostTrainComponents, PostTrainOptions } from './train/post-train-options.js';
export type { PostTrainMetrics, PostTrainReport, QuestionSample } from './train/post-train-report.js';
export {
  type PretrainingDocument,
  type PretrainMetrics,
  type PretrainOptions,
  type PretrainReport,
  pretrain,
  type ThoughtExample,
} from './train/pretrain.js';
export type { Question } from './train/question.js';
export type { PositionSample, StepMetrics, StepReport } from './train/step-report.js';
export { type ThoughtFormat, type ThoughtFormatOptions, thoughtFormat } from './train/thought-format.js';
export { ThoughtFormatError } from './train/thought-format-error.js';
export { TrainingOptionError } from './train/training-option-error.js';
export type { HostTensor, TrainingProgress, TrainingState } from './train/training-state.js';
export type { ScoredPosition, UpdateBatch } from './train/update-batch.js';
export { treeCompletions } from './tree/complete.js';
export type { Completion, CompletionRequest, CompletionRollout } from './tree/completion-contract.js';
export { type GenerateOptions, generate } from './tree/generate.js';
export { type PackedTree, packRows, packTree, type TreePosition } from './tree/pack-tree.js';
export { rowRollout } from './tree/prefill-rows.js';
export { RequestError } from './tree/request-error.js';
export { treeRollout } from './tree/rollout.js';
export type { Branch, Rollout, RolloutPosition, RolloutRequest } from './tree/rollout-contract.js';
export { type DocumentReading, readTrunk, type Trunk } from './tree/trunk.js';
