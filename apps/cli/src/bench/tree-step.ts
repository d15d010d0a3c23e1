import {
  type Branch,
  dualGradients,
  type Policy,
  readTrunk,
  type ScoredPosition,
  treeRollout,
} from '@midtrain/core';
import { seededRandom } from '@midtrain/curriculum';
import type { CompiledOperation, TraceSpan } from '@midtrain/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import { OBJECTIVE } from './objective.js';
import { timed } from './timed.js';
import { NEVER, type Workload } from './workload.js';

/** Named gradients of a policy. */
export type Gradients = Record<string, tf.Tensor>;

/** What a step sampled and what it would learn from it. */
export interface StepOutcome {
  /** Position after position. */
  readonly branches: readonly (readonly Branch[])[];
  readonly gradients: Gradients;
  /** The step's parts: when they ran, and for how long. */
  readonly spans: readonly TraceSpan[];
}

/** Sampled branches with the workload's advantages, as the update takes them. */
export function scoredPositions(work: Workload, groups: StepOutcome['branches']): ScoredPosition[] {
  return work.places.map((place, p) => ({
    ...place,
    branches: groups[p].map(({ tokenIds }) => tokenIds),
    oldLogProbs: groups[p].map(({ logProbs }) => logProbs),
    advantages: work.advantages.slice(p * work.branches, (p + 1) * work.branches),
    kept: groups[p].map(() => true),
  }));
}

/**
 * One RMT step on the tree, up to its gradients: trunk, rollout, one packed update, as `midTrain` does it.
 * @param compiled what runs the update's layers where they are compiled
 */
export async function treeStep(
  policy: Policy,
  work: Workload,
  seed: number,
  compiled: CompiledOperation,
): Promise<StepOutcome> {
  const spans: TraceSpan[] = [];
  const trunk = await timed(spans, 'trunk', () => readTrunk(policy, work.texts));
  const request = {
    documents: work.texts,
    positions: work.places,
    groupSize: work.branches,
    endOfThought: NEVER,
    random: seededRandom(seed, 'rollout'),
  };
  const branches = await timed(spans, 'rollout', () => treeRollout(policy, trunk)(request)).finally(
    trunk.dispose,
  );
  const { gradients } = await timed(spans, 'update', () =>
    dualGradients(
      policy,
      { documents: work.texts, positions: scoredPositions(work, branches) },
      { ...OBJECTIVE, compiled },
    ),
  );
  return { branches, gradients, spans };
}
