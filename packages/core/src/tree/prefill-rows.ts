import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import { checkRollout } from './check-request.js';
import { type DecodeLane, stackedCaches } from './decode-lane.js';
import { laneSize } from './lane-size.js';
import { packTree } from './pack-tree.js';
import type { Prefilled } from './prefill-tree.js';
import { readTokens } from './read-tokens.js';
import { decodeBranches, maxNewTokens } from './rollout.js';
import type { Rollout } from './rollout-contract.js';

/**
 * Prepares rows that share nothing: each prompt is read whole, and carries its own cache.
 * @param room most tokens that a row may sample
 */
export function prefillRows(policy: Policy, prompts: readonly ArrayLike<number>[], room: number): Prefilled {
  const packed = packTree(prompts, []);
  const { hidden_N_D, layers } = readTokens(policy, packed);
  try {
    const longest = Math.max(...prompts.map(({ length }) => length));
    const { rows: count, capacity } = laneSize(prompts.length, longest + room);
    const rows = new Int32Array(count * longest);
    const ends = new Int32Array(count);
    let start = 0;
    prompts.forEach(({ length }, row) => {
      for (let column = 0; column < longest; column++) {
        rows[row * longest + column] = start + Math.max(0, column - (longest - length));
      }
      start += length;
      ends[row] = start - 1;
    });
    const lane: DecodeLane = {
      branches: prompts.map((_, row) => row),
      positions: prompts.map(({ length }) => length),
      padding: prompts.map(({ length }) => longest - length),
      rows: count,
      layers: layers.map((layer) => {
        const own = stackedCaches(layer, rows, count, capacity);
        return { ownKeys: own.keys, ownValues: own.values };
      }),
      column: longest,
      capacity,
    };
    return { lanes: [lane], hidden_B_D: tf.tidy(() => tf.gather(hidden_N_D, tf.tensor1d(ends, 'int32'))) };
  } finally {
    tf.dispose([hidden_N_D, ...layers.flatMap(({ keys, values }) => [keys, values])]);
  }
}

/** Rollouts as plain trainers make them: every branch reads its own prefix. What the tree is compared with. */
export function rowRollout(policy: Policy): Rollout {
  return async (request) => {
    checkRollout(request, request.documents);
    if (request.positions.length === 0) return [];
    const prompts = request.positions.flatMap(({ document, position, instruction }) => {
      const prompt = [...request.documents[document].subarray(0, position), ...instruction];
      return Array.from({ length: request.groupSize }, () => prompt);
    });
    return decodeBranches(policy, prefillRows(policy, prompts, maxNewTokens(request)), request);
  };
}
