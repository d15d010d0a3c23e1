import { disposePolicy, initialisePolicy, type Policy } from '@midtrain/core';
import {
  adamW,
  type ChromeTrace,
  chromeTrace,
  clipByGlobalNorm,
  compiledOperation,
  profileKernels,
  type SelectedBackend,
  type TraceSpan,
} from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { maxGradientDifference, maxLogitDifference } from './compare-steps.js';
import { rowStep } from './row-step.js';
import { timeShippedTrainStep } from './shipped-train-step.js';
import { median, secondsByName, timed } from './timed.js';
import { timeTrainStep } from './train-step.js';
import { type StepOutcome, treeStep } from './tree-step.js';
import { BENCH_MODEL, makeWorkload, type Workload, type WorkloadSize } from './workload.js';

/** What `midtrain bench --json` prints. Times in seconds, memory in bytes. */
export interface BenchReport {
  readonly backend: string;
  readonly threads: number;
  readonly treeStep: WorkloadSize & {
    readonly seconds: number;
    /** Seconds of each part. */
    readonly parts: Readonly<Record<string, number>>;
  } & Partial<RowComparison>;
  readonly trainStep: {
    readonly seconds: number;
    readonly tokensPerSecond: number;
    /** With `asShipped`: the same step on tfjs's wasm backend as it is shipped, in a process of its own. */
    readonly asShippedSeconds?: number;
    /** asShippedSeconds / seconds */
    readonly asShippedRatio?: number;
  };
  /** Tokens sampled a second by the tree's rollout, reading the instructions included. */
  readonly decode: { readonly tokensPerSecond: number };
  /** Most memory the process ever held before the first step row by row. */
  readonly peakBytes: number;
  /** The same when everything was done; absent without `rows`. */
  readonly rowByRowPeakBytes?: number;
}

/** The same step row by row, and how far the tree is from it. */
interface RowComparison {
  readonly rowByRowSeconds: number;
  /** rowByRowSeconds / seconds */
  readonly ratio: number;
  /** Largest difference of a sampled token's logits, of all the vocabulary's. */
  readonly maxLogitDifference: number;
  /** Largest ‖tree − rows‖ / ‖rows‖ of a parameter's gradient. */
  readonly maxGradientDifference: number;
  readonly rowByRowParts: Readonly<Record<string, number>>;
}

export interface BenchOptions {
  readonly size: WorkloadSize;
  readonly seed: number;
  /** Timed steps on the tree; the median counts. */
  readonly repeats: number;
  /** Whether to do the step row by row as well, which takes minutes where documents are long. */
  readonly rows: boolean;
  /** Given a trace of one more step on the tree, kernel by kernel. */
  readonly onTrace?: (trace: ChromeTrace) => Promise<void>;
  /** Whether to time tfjs's wasm backend as shipped, too. */
  readonly asShipped: boolean;
  /** Told what comes next. */
  readonly say: (text: string) => void;
}

/** A graph is recorded the first two times. */
const WARM_UP_STEPS = 2;

type Step = (policy: Policy) => Promise<StepOutcome>;

/** Runs a step with fresh weights and lets AdamW apply its gradients, which stay for a comparison. */
async function wholeStep(seed: number, step: Step): Promise<StepOutcome> {
  const policy = initialisePolicy(BENCH_MODEL, seed);
  const optimiser = adamW();
  const state = optimiser.init(policy.parameters);
  const outcome = await step(policy);
  const spans = [...outcome.spans];
  await timed(spans, 'optimiser', async () => {
    const clipped = clipByGlobalNorm(outcome.gradients, 1);
    optimiser.update(policy.parameters, clipped.gradients, state, 1e-4);
    await clipped.norm.data();
    tf.dispose([clipped.norm, clipped.gradients as tf.NamedTensorMap]);
  });
  disposePolicy(policy);
  tf.dispose([Object.values(state.firstMoment), Object.values(state.secondMoment)]);
  return { ...outcome, spans };
}

const total = (spans: readonly TraceSpan[]): number =>
  spans.reduce((sum, { milliseconds }) => sum + milliseconds / 1000, 0);

const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

/** One step's trace. Watching costs a little, so it is a step that is not timed. */
async function traceStep(seed: number, step: Step): Promise<ChromeTrace> {
  const profile = profileKernels();
  try {
    const { spans, gradients } = await wholeStep(seed, step);
    tf.dispose(gradients);
    return chromeTrace(profile.events, spans);
  } finally {
    profile.stop();
  }
}

/** A small part of the work, to warm up with. */
function warmUp(work: Workload): Workload {
  const places = work.places.slice(0, 2);
  return {
    ...work,
    places,
    advantages: work.advantages.slice(0, places.length * work.branches),
  };
}

/** Does a step row by row, and compares what the tree made of it. */
async function compareWithRows(
  work: Workload,
  seed: number,
  { branches, gradients }: StepOutcome,
  treeSeconds: number,
  say: BenchOptions['say'],
): Promise<RowComparison & { readonly peakBytes: number }> {
  say('RMT step row by row');
  tf.dispose((await wholeStep(seed, (policy) => rowStep(policy, warmUp(work), seed))).gradients);
  const rows = await wholeStep(seed, (policy) => rowStep(policy, work, seed, branches));
  const peak = peakBytes();

  say('comparison of the two');
  const policy = initialisePolicy(BENCH_MODEL, seed);
  const differences = {
    maxLogitDifference: await maxLogitDifference(policy, work, branches),
    maxGradientDifference: await maxGradientDifference(gradients, rows.gradients),
  };
  disposePolicy(policy);
  tf.dispose(rows.gradients);
  const rowByRowSeconds = total(rows.spans);
  return {
    rowByRowSeconds,
    ratio: rowByRowSeconds / treeSeconds,
    ...differences,
    rowByRowParts: secondsByName(rows.spans),
    peakBytes: peak,
  };
}

/** Times the tree against row by row, checks that they agree, and times plain training, all in this process. */
export async function runBench(backend: SelectedBackend, options: BenchOptions): Promise<BenchReport> {
  const { size, seed, repeats, asShipped, onTrace, say } = options;
  const work = makeWorkload(size, seed);
  const compiled = compiledOperation('a layer of the dual update');
  const onTree: Step = (policy) => treeStep(policy, work, seed, compiled);
  const release = ({ gradients }: StepOutcome) => tf.dispose(gradients);

  say('training step');
  const trained = await timeTrainStep(seed);
  if (asShipped) say('training step on wasm as shipped');
  const asShippedSeconds = asShipped ? await timeShippedTrainStep() : undefined;
  const trainStep = asShippedSeconds
    ? { ...trained, asShippedSeconds, asShippedRatio: asShippedSeconds / trained.seconds }
    : trained;

  say('RMT step on the tree');
  for (let i = 0; i < WARM_UP_STEPS; i++) release(await wholeStep(seed, onTree));
  const steps: StepOutcome[] = [];
  for (let i = 0; i < repeats; i++) {
    steps.push(await wholeStep(seed, onTree));
    if (i > 0) release(steps[i]);
  }
  const peak = peakBytes();
  if (onTrace) await onTrace(await traceStep(seed, onTree));
  compiled.dispose();

  const middle = median(steps.map((step) => total(step.spans)));
  const parts = secondsByName((steps.find((step) => total(step.spans) === middle) as StepOutcome).spans);
  const compared = options.rows ? await compareWithRows(work, seed, steps[0], middle, say) : undefined;
  release(steps[0]);
  const { peakBytes: rowPeak, ...comparison } = compared ?? {};
  const sampled = work.advantages.length * work.newTokens;
  return {
    backend: backend.name,
    threads: backend.threads,
    treeStep: {
      ...size,
      seconds: middle,
      ...comparison,
      parts,
    },
    trainStep,
    decode: { tokensPerSecond: sampled / parts.rollout },
    peakBytes: peak,
    ...(rowPeak === undefined ? {} : { rowByRowPeakBytes: rowPeak }),
  };
}
