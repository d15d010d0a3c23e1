import type { AttentionGroup } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { decode } from '../policy/decoder.js';
import type { Policy } from '../policy/policy.js';
import { type DecodeLane, MASKED, ownCache, sharedCache } from './decode-lane.js';
import type { RolloutPosition } from './rollout-contract.js';
import { type LayerKeyValues, recordingAttention, type Trunk } from './trunk.js';

/** Lanes ready to decode, and the hidden state that predicts each branch's first token, [branches, D]. */
export interface Prefilled {
  readonly lanes: DecodeLane[];
  readonly hidden_B_D: tf.Tensor2D;
}

/** Where branches start; how long they may be is not asked. */
type PrefillPosition = Omit<RolloutPosition, 'maxThoughtTokens'>;

/** Runs every position's instruction once, over the trunk's cached keys and values. */
function readInstructions(policy: Policy, trunk: Trunk, positions: readonly PrefillPosition[]) {
  const trunkTokens = trunk.documents.reduce((total, document) => total + document.length, 0);
  const starts: number[] = [];
  const groups: AttentionGroup[] = [];
  const tokenIds: number[] = [];
  const places: number[] = [];
  for (const { document, position, instruction } of positions) {
    const start = trunkTokens + tokenIds.length;
    starts.push(start);
    groups.push({
      start,
      lengths: [instruction.length],
      prefix: [{ start: trunk.starts[document], length: position }],
    });
    instruction.forEach((token, i) => {
      tokenIds.push(token);
      places.push(position + i);
    });
  }
  const layers: LayerKeyValues[] = [];
  const packed = { tokenIds: Int32Array.from(tokenIds), positions: Int32Array.from(places) };
  const attend = recordingAttention(
    groups,
    (layer, keyValues) => {
      layers[layer] = keyValues;
    },
    trunk.layers,
  );
  const hidden_N_D = tf.tidy(() => decode(policy, packed, attend));
  return { hidden_N_D, layers, starts, trunkTokens };
}

/**
 * Prepares the tree's rollout: one lane a document, whose branches share its cache and carry only the position's
 * instruction themselves.
 * @param maxNewTokens most tokens that a branch may sample
 */
export function prefillTree(
  policy: Policy,
  trunk: Trunk,
  positions: readonly PrefillPosition[],
  groupSize: number,
  maxNewTokens: number,
): Prefilled {
  const { hidden_N_D, layers, starts, trunkTokens } = readInstructions(policy, trunk, positions);
  const longest = Math.max(...positions.map(({ instruction }) => instruction.length));
  const capacity = longest + maxNewTokens;
  const lanes: DecodeLane[] = [];
  trunk.documents.forEach((document, index) => {
    const own = positions.flatMap((position, p) => (position.document === index ? [p] : []));
    if (own.length === 0) return;
    const slots = own.flatMap((p) =>
      Array.from({ length: groupSize }, (_, g) => ({ p, branch: p * groupSize + g })),
    );
    const rows = new Int32Array(slots.length * longest);
    const mask = new Float32Array(slots.length * document.length).fill(MASKED);
    slots.forEach(({ p }, slot) => {
      const { instruction, position } = positions[p];
      const padding = longest - instruction.length;
      for (let column = 0; column < longest; column++) {
        rows[slot * longest + column] = starts[p] + Math.max(0, column - padding);
      }
      mask.fill(0, slot * document.length, slot * document.length + position);
    });
    lanes.push({
      branches: slots.map(({ branch }) => branch),
      positions: slots.map(({ p }) => positions[p].position + positions[p].instruction.length),
      padding: slots.map(({ p }) => longest - positions[p].instruction.length),
      layers: layers.map((layer) => ({
        shared: sharedCache(layer, trunk.starts[index], document.length),
        ownKeys: ownCache(layer.keys, rows, slots.length, capacity),
        ownValues: ownCache(layer.values, rows, slots.length, capacity),
      })),
      sharedMask: tf.tensor2d(mask, [slots.length, document.length]),
      column: longest,
      capacity,
    });
  });
  tf.dispose(layers.flatMap(({ keys, values }) => [keys, values]));
  const last = lanes.flatMap(({ branches }) =>
    branches.map((branch) => {
      const p = Math.floor(branch / groupSize);
      return starts[p] - trunkTokens + positions[p].instruction.length - 1;
    }),
  );
  const hidden_B_D = tf.tidy(() => tf.gather(hidden_N_D, tf.tensor1d(last, 'int32')));
  hidden_N_D.dispose();
  return { lanes, hidden_B_D };
}
