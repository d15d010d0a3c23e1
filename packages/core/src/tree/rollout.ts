import { bucketSize, canCompile } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { type LaidWeights, layOutWeights } from '../policy/laid-weights.js';
import type { Policy } from '../policy/policy.js';
import { branchWriter } from './branch-writer.js';
import { checkRollout } from './check-request.js';
import { compactLane, type DecodeLane, disposeLane } from './decode-lane.js';
import { type DecodingGraphs, firstTokens, nextTokens } from './decode-step.js';
import { type Prefilled, prefillTree } from './prefill-tree.js';
import type { Branch, Rollout, RolloutRequest } from './rollout-contract.js';
import type { TokenWriter } from './token-writer.js';
import type { Trunk } from './trunk.js';
import { yieldToEvents } from './yield-to-events.js';

/** Below this share of living slots a lane is compacted: copying its caches then costs less than the dead rows do. */
const COMPACT_BELOW = 0.75;

/** Fewer rows than these take about as long as these, where graphs are compiled. */
const FEWEST_ROWS = 64;

/** Tokens to come from which on weights are laid out for decoding. */
const WORTH_LAYING_OUT = 16;

/** Rows for the slots that live: where graphs are compiled, one of few sizes. */
function rowsFor(alive: number, { rows }: DecodeLane): number {
  if (canCompile()) return Math.min(rows, Math.max(FEWEST_ROWS, bucketSize(alive, 1)));
  return alive < rows * COMPACT_BELOW ? alive : rows;
}

/** Drops lanes whose branches have all ended, and rows where enough have. Returns what row each that is left was. */
function giveUpPlaces(lanes: DecodeLane[], writers: readonly TokenWriter[]): number[] {
  const kept: number[] = [];
  let first = 0;
  for (const lane of [...lanes]) {
    const before = lane.rows;
    const alive = lane.branches.flatMap((branch, slot) => (writers[branch].ended ? [] : [slot]));
    const rows = rowsFor(alive.length, lane);
    if (alive.length === 0) {
      disposeLane(lane);
      lanes.splice(lanes.indexOf(lane), 1);
    } else if (rows < before) {
      compactLane(lane, alive, rows);
      kept.push(...Array.from({ length: rows }, (_, row) => first + (alive[row] ?? 0)));
    } else {
      kept.push(...Array.from({ length: before }, (_, row) => first + row));
    }
    first += before;
  }
  return kept;
}

/** Most tokens that a branch of this request may sample: its thought, `</think>`, its prediction. */
export function maxNewTokens(request: Pick<RolloutRequest, 'positions' | 'predictionTokens'>): number {
  const thought = Math.max(...request.positions.map((position) => position.maxThoughtTokens));
  return thought + 1 + (request.predictionTokens ?? 1);
}

/**
 * Decodes prefilled lanes until all that is written in them has ended; releases the lanes.
 *
 * @throws whatever `sampling.signal` was aborted with, between two steps of decoding
 */
export async function decodeLanes(
  policy: Policy,
  { lanes, hidden_B_D }: Prefilled,
  writers: readonly TokenWriter[],
  sampling: Pick<RolloutRequest, 'temperature' | 'random' | 'signal'>,
  graphs?: DecodingGraphs,
): Promise<void> {
  let laid: LaidWeights | undefined;
  try {
    await yieldToEvents(sampling.signal);
    if (canCompile() && lanes.some(({ capacity, column }) => capacity - column >= WORTH_LAYING_OUT)) {
      laid = layOutWeights(policy);
    }
    let sampled = await firstTokens(policy, lanes, hidden_B_D, sampling);
    while (lanes.length > 0) {
      let first = 0;
      for (const { branches, rows } of lanes) {
        branches.forEach((branch, slot) => {
          const row = first + slot;
          if (!writers[branch].ended) writers[branch].accept(sampled.tokenIds[row], sampled.logProbs[row]);
        });
        first += rows;
      }
      const kept = giveUpPlaces(lanes, writers);
      if (lanes.length === 0) break;
      await yieldToEvents(sampling.signal);
      const { tokenIds } = sampled;
      sampled = await nextTokens(
        policy,
        lanes,
        Int32Array.from(kept, (row) => tokenIds[row]),
        sampling,
        { laid, graphs },
      );
    }
  } finally {
    tf.dispose([hidden_B_D, ...(laid?.values() ?? [])]);
    for (const lane of lanes) disposeLane(lane);
  }
}

/** Decodes prefilled lanes to the end of every branch. */
export async function decodeBranches(
  policy: Policy,
  prefilled: Prefilled,
  request: RolloutRequest,
): Promise<Branch[][]> {
  const { positions, groupSize, predictionTokens = 1, endOfThought } = request;
  const writers = positions.flatMap(({ maxThoughtTokens }) =>
    Array.from({ length: groupSize }, () => branchWriter(maxThoughtTokens, predictionTokens, endOfThought)),
  );
  await decodeLanes(policy, prefilled, writers, request);
  const branches = writers.map((writer) => writer.finish());
  return positions.map((_, p) => branches.slice(p * groupSize, (p + 1) * groupSize));
}

/**
 * Rollouts over a trunk that has been read: each document's prefix is computed once for all of its branches
 * (DESIGN, step 3).
 *
 * @throws {RequestError} from the rollout, for a request that cannot be met
 */
export function treeRollout(policy: Policy, trunk: Trunk): Rollout {
  return async (request) => {
    checkRollout(request, trunk.documents);
    if (request.positions.length === 0) return [];
    const prefilled = prefillTree(policy, trunk, request.positions, request.groupSize, maxNewTokens(request));
    return decodeBranches(policy, prefilled, request);
  };
}
