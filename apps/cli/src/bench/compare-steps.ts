import { decode, headWeight, type Policy, packTree } from '@midtrain/core';
import { treeAttention } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { ROW_TOKENS_PER_PASS } from './objective.js';
import { packBranches, passesOf } from './pack-branches.js';
import { type Gradients, type StepOutcome, scoredPositions } from './tree-step.js';
import type { Workload } from './workload.js';

/** Logits of the rows that predict something, [M, V]. */
function logitsOf(
  policy: Policy,
  packed: Parameters<typeof decode>[1] & { readonly groups: Parameters<typeof treeAttention>[3] },
  rows: Int32Array,
): tf.Tensor2D {
  const hidden_N_D = decode(policy, packed, (_, q, k, v) => treeAttention(q, k, v, packed.groups));
  const read_M_D = tf.gather(hidden_N_D, tf.tensor1d(rows, 'int32'));
  return tf.matMul(read_M_D, headWeight(policy), false, true);
}

/** Largest difference between the logits of all sampled tokens, on the tree and row by row. */
export async function maxLogitDifference(
  policy: Policy,
  work: Workload,
  groups: StepOutcome['branches'],
): Promise<number> {
  let largest = 0;
  const scored = scoredPositions(work, groups);
  for (const [document, text] of work.texts.entries()) {
    const positions = scored.filter((position) => position.document === document);
    const tree = packTree(
      [text],
      positions.map((position) => ({ ...position, document: 0 })),
    );
    const treeLogits_M_V = tf.tidy(() => logitsOf(policy, tree, tree.branchRows));
    const rows = positions.flatMap((place) => place.branches.map((tokenIds) => ({ place, tokenIds })));
    let first = 0;
    for (const pass of passesOf(rows, ROW_TOKENS_PER_PASS)) {
      const difference = tf.tidy(() => {
        const packed = packBranches(work.texts, pass);
        const logits_M_V = logitsOf(policy, packed, packed.predictions);
        const same = tf.slice(treeLogits_M_V, [first, 0], logits_M_V.shape);
        return tf.max(tf.abs(tf.sub(logits_M_V, same)));
      });
      first += pass.length * work.newTokens;
      largest = Math.max(largest, (await difference.data())[0]);
      difference.dispose();
    }
    treeLogits_M_V.dispose();
  }
  return largest;
}

/** Largest ‖a − b‖ / ‖b‖ over the parameters. */
export async function maxGradientDifference(actual: Gradients, expected: Gradients): Promise<number> {
  let largest = 0;
  for (const [name, gradient] of Object.entries(expected)) {
    const ratio = tf.tidy(() => tf.div(tf.norm(tf.sub(actual[name], gradient)), tf.norm(gradient)));
    largest = Math.max(largest, (await ratio.data())[0]);
    ratio.dispose();
  }
  return largest;
}
