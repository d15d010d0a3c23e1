import { disposePolicy, initialisePolicy, pretrain } from '@midtrain/core';
import { median } from './timed.js';
import { BENCH_MODEL, makeWorkload } from './workload.js';

const ROWS = 16;
const ROW_TOKENS = 128;
const WARM_UP_STEPS = 3;
const STEPS = 12;

/** Seconds of a plain training step: 16 × 128 tokens forward, backward, clipped, AdamW. */
export async function timeTrainStep(seed: number) {
  const policy = initialisePolicy(BENCH_MODEL, seed);
  const size = { documents: ROWS, documentTokens: ROW_TOKENS, positions: 0, branches: 0, newTokens: 0 };
  const documents = makeWorkload(size, seed).texts.map((tokenIds, i) => ({ id: `${i}`, tokenIds }));
  const steps: number[] = [];
  const learningRate = () => 1e-3;
  for await (const { metrics } of pretrain({
    policy,
    documents,
    totalSteps: WARM_UP_STEPS + STEPS,
    documentsPerStep: ROWS,
    seed,
    learningRate,
  })) {
    steps.push(metrics.seconds);
  }
  disposePolicy(policy);
  const seconds = median(steps.slice(WARM_UP_STEPS));
  return { seconds, tokensPerSecond: (ROWS * ROW_TOKENS) / seconds };
}
