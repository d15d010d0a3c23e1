import { decode, headWeight, type Policy, packTree, rowRollout } from '@midtrain/core';
import { seededRandom } from '@midtrain/curriculum';
import { embeddingLookup, type TraceSpan, tokenLogProbs, treeAttention } from '@midtrain/kernels';
import { nextTokenLoss } from '@midtrain/losses';
import * as tf from '@tensorflow/tfjs-core';
import { OBJECTIVE, ROW_TOKENS_PER_PASS } from './objective.js';
import { type PlacedBranch, packBranches, passesOf } from './pack-branches.js';
import { timed } from './timed.js';
import type { Gradients, StepOutcome } from './tree-step.js';
import { NEVER, type Workload } from './workload.js';

/** Rows that decode together: their caches, with a prefix each, have to fit in memory. */
const ROWS_PER_ROLLOUT = 128;

/** A branch with what the update needs to know of it. */
interface LearnedBranch extends PlacedBranch {
  readonly oldLogProbs: readonly number[];
  readonly advantage: number;
}

/** All branches, written row by row: each reads its own prefix, keeps its own cache, and all of a batch decode together. */
async function rollRows(policy: Policy, work: Workload, seed: number): Promise<StepOutcome['branches']> {
  const random = seededRandom(seed, 'rollout');
  const each = Math.max(1, Math.floor(ROWS_PER_ROLLOUT / work.branches));
  const groups: StepOutcome['branches'][number][] = [];
  for (let first = 0; first < work.places.length; first += each) {
    const request = {
      documents: work.texts,
      positions: work.places.slice(first, first + each),
      groupSize: work.branches,
      endOfThought: NEVER,
      random,
    };
    groups.push(...(await rowRollout(policy)(request)));
  }
  return groups;
}

/** L_RL of some rows, as their share of the whole batch. Every branch has the same number of tokens. */
function policyTerm(policy: Policy, work: Workload, pass: readonly LearnedBranch[]): tf.Scalar {
  const packed = packBranches(work.texts, pass);
  const hidden_N_D = decode(policy, packed, (_, q, k, v) => treeAttention(q, k, v, packed.groups));
  const read_M_D = embeddingLookup(hidden_N_D, tf.tensor1d(packed.predictions, 'int32'));
  const { logProbs_N } = tokenLogProbs(read_M_D, headWeight(policy), tf.tensor1d(packed.targets, 'int32'));
  const shape: [number, number] = [pass.length, work.newTokens];
  const { loss, metrics } = OBJECTIVE.policyLoss({
    logProbs_B_T: tf.reshape(logProbs_N, shape),
    oldLogProbs_B_T: tf.tensor2d(
      pass.flatMap(({ oldLogProbs }) => [...oldLogProbs]),
      shape,
    ),
    advantages_B: tf.tensor1d(pass.map(({ advantage }) => advantage)),
    mask_B_T: tf.ones(shape),
  });
  tf.dispose({ ...metrics });
  return tf.mul<tf.Scalar>(loss, pass.length / work.advantages.length);
}

/** L_NTP of the documents without C. */
function nextTokenTerm(policy: Policy, work: Workload): tf.Scalar {
  const packed = packTree(work.texts, []);
  const hidden_N_D = decode(policy, packed, (_, q, k, v) => treeAttention(q, k, v, packed.groups));
  const read_M_D = embeddingLookup(hidden_N_D, tf.tensor1d(packed.trunkRows, 'int32'));
  const { logProbs_N } = tokenLogProbs(
    read_M_D,
    headWeight(policy),
    tf.tensor1d(packed.trunkTargets, 'int32'),
  );
  const mask = new Float32Array(packed.trunkRows.length).fill(1);
  for (const { document, position } of work.places)
    mask[document * (work.documentTokens - 1) + position - 1] = 0;
  return nextTokenLoss({ logProbs_N, mask_N: tf.tensor1d(mask) });
}

/** Gradients of the dual objective, row by row, as many rows a pass as fit in it. */
function rowGradients(policy: Policy, work: Workload, groups: StepOutcome['branches']): Gradients {
  const entries = Object.entries(policy.parameters);
  const variables = entries.map(([, variable]) => variable);
  const nothing = () => tf.scalar(0);
  const learned = groups.flatMap((group, p) =>
    group.map(({ tokenIds, logProbs }, g): LearnedBranch => {
      const advantage = work.advantages[p * work.branches + g];
      return { place: work.places[p], tokenIds, oldLogProbs: logProbs, advantage };
    }),
  );
  const terms = [
    () => OBJECTIVE.objective(nothing(), nextTokenTerm(policy, work)),
    ...passesOf(learned, ROW_TOKENS_PER_PASS).map(
      (pass) => () => OBJECTIVE.objective(policyTerm(policy, work, pass), nothing()),
    ),
  ];
  const sum: Gradients = {};
  for (const term of terms) {
    const { value, grads } = tf.variableGrads(term, variables);
    value.dispose();
    for (const [name, variable] of entries) {
      const gradient = grads[variable.name];
      const before = sum[name];
      sum[name] = before ? tf.add(before, gradient) : gradient;
      if (before) tf.dispose([before, gradient]);
    }
  }
  return sum;
}

/**
 * The same step as plain trainers compute it: each branch is a row with a prefix of its own, in the rollout and in the
 * update. Batched, packed without padding, decoding over caches; what the tree is timed against.
 * @param learnFrom branches to learn from, so that gradients compare; its own cost as much
 */
export async function rowStep(
  policy: Policy,
  work: Workload,
  seed: number,
  learnFrom?: StepOutcome['branches'],
): Promise<StepOutcome> {
  const spans: TraceSpan[] = [];
  const branches = await timed(spans, 'rollout', () => rollRows(policy, work, seed));
  const gradients = await timed(spans, 'update', async () => {
    const sum = rowGradients(policy, work, learnFrom ?? branches);
    await Promise.all(Object.values(sum).map((gradient) => gradient.data()));
    return sum;
  });
  return { branches, gradients, spans };
}
