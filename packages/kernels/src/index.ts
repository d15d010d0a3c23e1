export {
  BACKEND_NAMES,
  type BackendDescription,
  type BackendName,
  type BackendOptions,
  BackendUnavailableError,
  describeBackends,
  GpuError,
  type SelectedBackend,
  selectBackend,
} from './backend/index.js';
export { configureNative, type NativeOptions, type NativeStatus, nativeStatus } from './native/index.js';
export { ADAM_W, type AdamW, type AdamWOptions, adamW } from './ops/adam-w/adam-w.js';
export { type AdamWFunction, adamWFunction } from './ops/adam-w/adam-w-function.js';
export { type AdamWState, exportAdamWState, importAdamWState } from './ops/adam-w/adam-w-state.js';
export {
  clipByGlobalNorm,
  clipScale,
  globalNorm,
  SUM_OF_SQUARES,
} from './ops/clip-gradients/clip-gradients.js';
export {
  appendsInPlace,
  appendToCache,
  type DocumentReaders,
  decodeAttention,
  type OwnKeyValues,
  type SharedKeyValues,
} from './ops/decode-attention/decode-attention.js';
export { DROPOUT_FACTORS, dropoutFactors } from './ops/dropout-factors/dropout-factors.js';
export {
  EMBEDDING_LOOKUP,
  EMBEDDING_LOOKUP_GRADIENT,
  embeddingLookup,
} from './ops/embedding-lookup/embedding-lookup.js';
export { installWasmOps, type WasmOpsOptions } from './ops/install-wasm.js';
export { OperationInputError } from './ops/operation-input-error.js';
export { RMS_NORM, RMS_NORM_GRADIENT, rmsNorm } from './ops/rms-norm/rms-norm.js';
export { ROTARY, rotary } from './ops/rotary/rotary.js';
export {
  SAMPLE_TOKENS,
  type SampledTokens,
  type SampleTokensOptions,
  sampleTokens,
} from './ops/sample-tokens/sample-tokens.js';
export { SWI_GLU, SWI_GLU_GRADIENT, swiGlu } from './ops/swi-glu/swi-glu.js';
export { TARGET_LOG_PROBS, targetLogProbs } from './ops/token-log-probs/target-log-probs.js';
export {
  TOKEN_LOG_PROBS,
  TOKEN_LOG_PROBS_GRADIENT,
  type TokenLogProbs,
  type TokenLogProbsOptions,
  tokenLogProbs,
} from './ops/token-log-probs/token-log-probs.js';
export {
  type AttentionGroup,
  AttentionGroupError,
  type TokenRun,
} from './ops/tree-attention/attention-group.js';
export { bucketSize } from './ops/tree-attention/bucket-size.js';
export {
  type AttentionPlan,
  attentionPlan,
  plannedAttention,
} from './ops/tree-attention/planned-attention.js';
export { treeAttention } from './ops/tree-attention/tree-attention.js';
export {
  type ChromeTrace,
  chromeTrace,
  type KernelTotal,
  kernelTotals,
  type TraceSpan,
} from './profile/chrome-trace.js';
export { type KernelEvent, type KernelProfile, profileKernels } from './profile/profile-kernels.js';
export {
  SetupError,
  SetupRequirementError,
  type SetupTensorflowOptions,
  setupTensorflow,
  type TensorflowSetup,
  type TfjsNodePackage,
} from './setup/index.js';
export { outsideTape } from './tfjs/outside-tape.js';
export { prepareTfjs } from './tfjs/prepare-tfjs.js';
export { releasingGradients, type ValueGradients } from './tfjs/releasing-gradients.js';
export {
  type CompiledComputation,
  type CompiledElementwise,
  type CompiledOperation,
  canCompile,
  compiledComputation,
  compiledElementwise,
  compiledOperation,
  type DifferentiableOperation,
  type ProductType,
  requireProducts,
} from './trace/index.js';
export { installWasmKernels, KernelInputError, OutOfMemoryError } from './wasm/index.js';
