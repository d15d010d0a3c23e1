import { sampleTokens } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { decode } from '../policy/decoder.js';
import { headWeight, type Policy } from '../policy/policy.js';
import { branchWriter } from './branch-writer.js';
import { attendLane, compactLane, type DecodeLane, disposeLane, ownMask } from './decode-lane.js';
import { type Prefilled, prefillTree } from './prefill-tree.js';
import type { Branch, Rollout, RolloutRequest } from './rollout-contract.js';
import type { TokenWriter } from './token-writer.js';
import type { Trunk } from './trunk.js';

/** Below this share of living slots a lane is compacted: copying its caches then costs less than the dead rows do. */
const COMPACT_BELOW = 0.75;

/** The newest token of every slot through the decoder, each lane over its own caches. [slots, D] */
export function decodeStep(policy: Policy, lanes: readonly DecodeLane[], tokenIds: Int32Array): tf.Tensor2D {
  return tf.tidy(() => {
    const masks = lanes.map(ownMask);
    const positions = Int32Array.from(lanes.flatMap((lane) => lane.positions));
    return decode(policy, { tokenIds, positions }, (layer, q, k, v) => {
      let row = 0;
      const attended = lanes.map((lane, i) => {
        const slots = lane.branches.length;
        const rows = (x: tf.Tensor3D) => (lanes.length === 1 ? x : tf.slice(x, [row, 0, 0], [slots, -1, -1]));
        const out = attendLane(lane, layer, masks[i], rows(q), rows(k), rows(v));
        row += slots;
        return out;
      });
      return attended.length === 1 ? attended[0] : tf.concat(attended, 0);
    });
  });
}

/** One token for every slot, and its log-probability. Releases the hidden states. */
export async function sampleStep(
  policy: Policy,
  hidden_B_D: tf.Tensor2D,
  request: Pick<RolloutRequest, 'temperature' | 'random'>,
) {
  const uniforms = Float32Array.from({ length: hidden_B_D.shape[0] }, () => request.random.next());
  const { temperature = 1 } = request;
  const sampled = tf.tidy(() => ({
    ...sampleTokens(hidden_B_D, headWeight(policy), tf.tensor1d(uniforms), { temperature }),
  }));
  hidden_B_D.dispose();
  const [tokenIds, logProbs] = await Promise.all([sampled.tokenIds_N.data(), sampled.logProbs_N.data()]);
  tf.dispose(Object.values(sampled));
  return { tokenIds: tokenIds as Int32Array, logProbs: logProbs as Float32Array };
}

/** Drops lanes whose branches have all ended, and slots where enough have. Returns the slots kept, as rows. */
function giveUpPlaces(lanes: DecodeLane[], writers: readonly TokenWriter[]): number[] {
  const rows: number[] = [];
  let row = 0;
  for (const lane of [...lanes]) {
    const slots = lane.branches.length;
    const alive = lane.branches.flatMap((branch, slot) => (writers[branch].ended ? [] : [slot]));
    if (alive.length === 0) {
      disposeLane(lane);
      lanes.splice(lanes.indexOf(lane), 1);
    } else if (alive.length < slots * COMPACT_BELOW) {
      compactLane(lane, alive);
      rows.push(...alive.map((slot) => row + slot));
    } else {
      rows.push(...Array.from({ length: slots }, (_, slot) => row + slot));
    }
    row += slots;
  }
  return rows;
}

/** Most tokens that a branch of this request may sample: its thought, `</think>`, its prediction. */
export function maxNewTokens(request: Pick<RolloutRequest, 'positions' | 'predictionTokens'>): number {
  const thought = Math.max(...request.positions.map((position) => position.maxThoughtTokens));
  return thought + 1 + (request.predictionTokens ?? 1);
}

/** Decodes prefilled lanes until all that is written in them has ended; releases the lanes. */
export async function decodeLanes(
  policy: Policy,
  { lanes, hidden_B_D }: Prefilled,
  writers: readonly TokenWriter[],
  sampling: Pick<RolloutRequest, 'temperature' | 'random' | 'signal'>,
): Promise<void> {
  let hidden = hidden_B_D;
  try {
    while (lanes.length > 0) {
      sampling.signal?.throwIfAborted();
      const { tokenIds, logProbs } = await sampleStep(policy, hidden, sampling);
      lanes
        .flatMap((lane) => lane.branches)
        .forEach((branch, row) => {
          if (!writers[branch].ended) writers[branch].accept(tokenIds[row], logProbs[row]);
        });
      const rows = giveUpPlaces(lanes, writers);
      if (lanes.length === 0) break;
      hidden = decodeStep(
        policy,
        lanes,
        Int32Array.from(rows, (row) => tokenIds[row]),
      );
      for (const lane of lanes) {
        lane.column += 1;
        lane.positions = lane.positions.map((position) => position + 1);
      }
    }
  } finally {
    hidden.dispose();
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
 */
export function treeRollout(policy: Policy, trunk: Trunk): Rollout {
  return async (request) => {
    if (request.positions.length === 0) return [];
    const prefilled = prefillTree(policy, trunk, request.positions, request.groupSize, maxNewTokens(request));
    return decodeBranches(policy, prefilled, request);
  };
}
