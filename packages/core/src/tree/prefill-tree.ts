import { type AttentionGroup, canCompile } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import { type DecodeLane, disposeLane, MASKED, stackedCaches } from './decode-lane.js';
import { documentReaders, mostReaders } from './document-readers.js';
import { laneSize, placesFor, sharedLength } from './lane-size.js';
import { readTokens } from './read-tokens.js';
import type { RolloutPosition } from './rollout-contract.js';
import type { LayerKeyValues, Trunk } from './trunk.js';

/** Lanes ready to decode, and the hidden state that predicts each branch's first token, [branches, D]. */
export interface Prefilled {
  readonly lanes: DecodeLane[];
  readonly hidden_B_D: tf.Tensor2D;
}

/** Where branches start; how long they may be is not asked. */
type PrefillPosition = Omit<RolloutPosition, 'maxThoughtTokens'>;

/** Runs every position's instruction once, over the trunk's cached keys and values. */
function readInstructions(policy: Policy, trunk: Trunk, positions: readonly PrefillPosition[]) {
  const [pastRows] = trunk.layers[0].keys.shape;
  const starts: number[] = [];
  const groups: AttentionGroup[] = [];
  const tokenIds: number[] = [];
  const places: number[] = [];
  for (const { document, position, instruction } of positions) {
    starts.push(tokenIds.length);
    groups.push({
      start: pastRows + tokenIds.length,
      lengths: [instruction.length],
      prefix: [{ start: trunk.starts[document], length: position }],
    });
    instruction.forEach((token, i) => {
      tokenIds.push(token);
      places.push(position + i);
    });
  }
  const tree = { tokenIds: Int32Array.from(tokenIds), positions: Int32Array.from(places), pastRows, groups };
  return { ...readTokens(policy, tree, trunk.layers), starts };
}

/** Where an instruction's rows start among those of all instructions, and the position that it is of. */
interface ReadPosition extends PrefillPosition {
  readonly start: number;
  /** Index of the position's first branch. */
  readonly branch: number;
}

/** The packed rows of documents, each brought to the same length. [L·T] */
function documentRows(trunk: Trunk, documents: readonly number[], length: number): Int32Array {
  const rows = new Int32Array(documents.length * length);
  documents.forEach((document, l) => {
    const last = trunk.documents[document].length - 1;
    for (let i = 0; i < length; i++) rows[l * length + i] = trunk.starts[document] + Math.min(i, last);
  });
  return rows;
}

/** One lane of all branches at positions of some documents. */
function lane(
  trunk: Trunk,
  documents: readonly number[],
  instructions: readonly LayerKeyValues[],
  positions: readonly ReadPosition[],
  groupSize: number,
  { longest, room }: { readonly longest: number; readonly room: number },
): DecodeLane {
  const slots = positions.flatMap((at) => Array.from({ length: groupSize }, (_, g) => ({ at, g })));
  const { rows, capacity } = laneSize(slots.length, room);
  const length = sharedLength(Math.max(...documents.map((document) => trunk.documents[document].length)));
  const ownRows = new Int32Array(rows * longest);
  const mask = new Float32Array(rows * length).fill(MASKED);
  slots.forEach(({ at: { instruction, position, start } }, slot) => {
    const padding = longest - instruction.length;
    for (let column = 0; column < longest; column++) {
      ownRows[slot * longest + column] = start + Math.max(0, column - padding);
    }
    mask.fill(0, slot * length, slot * length + position);
  });
  const read = slots.map(({ at }) => documents.indexOf(at.document));
  const places = placesFor(mostReaders(read));
  const shared = documentRows(trunk, documents, length);
  return {
    branches: slots.map(({ at, g }) => at.branch + g),
    positions: slots.map(({ at }) => at.position + at.instruction.length),
    padding: slots.map(({ at }) => longest - at.instruction.length),
    rows,
    layers: instructions.map((instruction, layer) => {
      const own = stackedCaches(instruction, ownRows, rows, capacity);
      return {
        shared: stackedCaches(trunk.layers[layer], shared, documents.length),
        ownKeys: own.keys,
        ownValues: own.values,
      };
    }),
    prefix: {
      mask_M_T: tf.tensor2d(mask, [rows, length]),
      several:
        documents.length === 1
          ? undefined
          : { documents: read, places, readers: documentReaders(read, documents.length, places, rows) },
    },
    column: longest,
    capacity,
  };
}

/**
 * Prepares the tree's rollout: branches share their document's cache and carry only the position's instruction
 * themselves. Where graphs are compiled all branches are one lane, so that a step is one graph; elsewhere those of each
 * document are, which then need no padding.
 * @param maxNewTokens most tokens that a branch may sample
 */
export function prefillTree(
  policy: Policy,
  trunk: Trunk,
  positions: readonly PrefillPosition[],
  groupSize: number,
  maxNewTokens: number,
): Prefilled {
  const { hidden_N_D, layers, starts } = readInstructions(policy, trunk, positions);
  const lanes: DecodeLane[] = [];
  const longest = Math.max(...positions.map(({ instruction }) => instruction.length));
  const read = positions.map((position, p) => ({ ...position, start: starts[p], branch: p * groupSize }));
  const all = trunk.documents.map((_, document) => document);
  try {
    for (const documents of canCompile() ? [all] : all.map((document) => [document])) {
      const own = documents.flatMap((document) => read.filter((position) => position.document === document));
      const size = { longest, room: longest + maxNewTokens };
      if (own.length > 0) lanes.push(lane(trunk, documents, layers, own, groupSize, size));
    }
    const last = lanes.flatMap(({ branches, rows }) =>
      Array.from({ length: rows }, (_, row) => {
        const { start, instruction } = read[Math.floor((branches[row] ?? 0) / groupSize)];
        return start + instruction.length - 1;
      }),
    );
    return { lanes, hidden_B_D: tf.tidy(() => tf.gather(hidden_N_D, tf.tensor1d(last, 'int32'))) };
  } catch (error) {
    for (const made of lanes) disposeLane(made);
    throw error;
  } finally {
    tf.dispose([hidden_N_D, ...layers.flatMap(({ keys, values }) => [keys, values])]);
  }
}
