import { type CompiledComputation, compiledComputation, sampleTokens } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { decodeTensors, tokenTensors } from '../policy/decoder.js';
import type { LaidWeights } from '../policy/laid-weights.js';
import { headWeight, type Policy, weightsOf } from '../policy/policy.js';
import { attendLane, type DecodeLane, type LaneMoment, laneTensors, ownMask } from './decode-lane.js';
import type { RolloutRequest } from './rollout-contract.js';

/** How tokens are drawn. */
export type Sampling = Pick<RolloutRequest, 'temperature' | 'random'>;

/** A token for each row of the lanes, and its log-probability in nats. */
export interface SampledRows {
  readonly tokenIds: Int32Array;
  readonly logProbs: Float32Array;
}

/** What runs decoding steps. */
export type DecodingGraphs = Pick<CompiledComputation, 'run'>;

/** Graphs know shapes, not weights: those of all policies are kept here, a limited number of them. */
const graphs: DecodingGraphs = compiledComputation('decoding');

/** One number for each slot, in order; rows that stand empty draw none. */
function uniformsFor(lanes: readonly DecodeLane[], { random }: Sampling): tf.Tensor1D {
  const numbers = lanes.flatMap(({ rows, branches }) =>
    Array.from({ length: rows }, (_, row) => (row < branches.length ? random.next() : 0)),
  );
  return tf.tensor1d(Float32Array.from(numbers));
}

async function readRows([tokenIds_M, logProbs_M]: readonly tf.Tensor[]): Promise<SampledRows> {
  try {
    const [tokenIds, logProbs] = await Promise.all([tokenIds_M.data(), logProbs_M.data()]);
    return { tokenIds: tokenIds as Int32Array, logProbs: logProbs as Float32Array };
  } finally {
    tf.dispose([tokenIds_M, logProbs_M]);
  }
}

function sample(policy: Policy, hidden_M_D: tf.Tensor2D, uniforms_M: tf.Tensor1D, temperature: number) {
  const sampled = sampleTokens(hidden_M_D, headWeight(policy), uniforms_M, { temperature });
  return [sampled.tokenIds_N, sampled.logProbs_N];
}

/** Draws the first tokens, from the hidden states that prefilling gives. */
export async function firstTokens(
  policy: Policy,
  lanes: readonly DecodeLane[],
  hidden_M_D: tf.Tensor2D,
  sampling: Sampling,
): Promise<SampledRows> {
  const { temperature = 1 } = sampling;
  return readRows(tf.tidy(() => sample(policy, hidden_M_D, uniformsFor(lanes, sampling), temperature)));
}

/** Whatever but shapes decides what a step computes. */
const keyOf = (
  { config, lora, parameters }: Policy,
  lanes: readonly DecodeLane[],
  temperature: number,
  laid: LaidWeights | undefined,
) =>
  JSON.stringify([
    laid !== undefined,
    config,
    lora && [lora.settings, Object.keys(parameters)],
    lanes.map(({ prefix }) => prefix?.several !== undefined),
    temperature,
  ]);

/** All weights that a step reads, each once. */
function weightsRead(policy: Policy, laid: LaidWeights | undefined): ReadonlySet<tf.Tensor> {
  const own = Object.entries({ ...weightsOf(policy), ...policy.parameters });
  const stored = own.filter(([name]) => !laid?.has(name.replace(/\.weight$/, '')));
  return new Set([...stored.map(([, weight]) => weight), ...(laid?.values() ?? [])]);
}

/** The newest token of every row through the decoder, each lane over its own caches, and the draw of the next. */
export async function nextTokens(
  policy: Policy,
  lanes: readonly DecodeLane[],
  tokenIds: Int32Array,
  sampling: Sampling,
  options: { readonly laid?: LaidWeights; readonly graphs?: DecodingGraphs } = {},
): Promise<SampledRows> {
  const { laid } = options;
  const { run } = options.graphs ?? graphs;
  const { temperature = 1 } = sampling;
  const positions = Int32Array.from(
    lanes.flatMap(({ rows, positions }) => Array.from({ length: rows }, (_, row) => positions[row] ?? 0)),
  );
  const tokens = tokenTensors(policy, { tokenIds, positions });
  const uniforms_M = uniformsFor(lanes, sampling);
  const moments = lanes.map(
    (lane): LaneMoment => ({ mask: ownMask(lane), column: tf.scalar(lane.column, 'int32') }),
  );
  const passing = [
    ...[tokens.tokenIds_N, tokens.cos_N_R, tokens.sin_N_R, uniforms_M],
    ...moments.flatMap(({ mask, column }) => [mask, column]),
  ];
  const inputs = [...passing, ...weightsRead(policy, laid), ...lanes.flatMap(laneTensors)];
  let sampled: readonly tf.Tensor[];
  try {
    sampled = run(inputs, keyOf(policy, lanes, temperature, laid), () => {
      const hidden_M_D = decodeTensors(
        policy,
        tokens,
        (layer, q, k, v) => {
          let row = 0;
          const attended = lanes.map((lane, i) => {
            const rows = (x: tf.Tensor3D) =>
              lanes.length === 1 ? x : tf.slice(x, [row, 0, 0], [lane.rows, -1, -1]);
            const out = attendLane(lane, layer, moments[i], rows(q), rows(k), rows(v));
            row += lane.rows;
            return out;
          });
          return attended.length === 1 ? attended[0] : tf.concat(attended, 0);
        },
        { laid },
      );
      return sample(policy, hidden_M_D, uniforms_M, temperature);
    });
  } finally {
    tf.dispose(passing);
  }
  for (const lane of lanes) {
    lane.column += 1;
    lane.positions = lane.positions.map((position) => position + 1);
  }
  return readRows(sampled);
}
