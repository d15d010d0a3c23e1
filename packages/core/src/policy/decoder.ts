import { type CompiledOperation, embeddingLookup, rmsNorm, rotary, swiGlu } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { applyLora } from '../lora/apply-lora.js';
import { type DropoutKey, type DropoutSeeds, dropoutSeeds } from '../lora/dropout.js';
import { addResidual } from './add-residual.js';
import type { LayerKeyValues } from './key-values.js';
import { type Policy, weightsOf } from './policy.js';
import { recomputed } from './recompute.js';
import { type RotaryAngles, rotaryAngles } from './rotary-table.js';

/**
 * What a layer's attention does with the packed tokens' queries, keys and values: the only part of the decoder
 * that knows which tokens see which. Training, prefill and decoding differ in nothing else.
 */
export type Attend = (
  layer: number,
  q_N_H_D: tf.Tensor3D,
  k_N_K_D: tf.Tensor3D,
  v_N_K_D: tf.Tensor3D,
) => tf.Tensor3D;

/** Tokens laid side by side, without padding and without a batch dimension. */
export interface PackedTokens {
  readonly tokenIds: Int32Array;
  /** Place of each token in the sequence it belongs to, from 0. */
  readonly positions: Int32Array;
}

/** What the decoder reads of packed tokens. */
export interface TokenTensors extends RotaryAngles {
  /** int32 */
  readonly tokenIds_N: tf.Tensor1D;
}

/** Packed tokens as tensors; the caller disposes of them. */
export const tokenTensors = ({ config }: Policy, { tokenIds, positions }: PackedTokens): TokenTensors => ({
  tokenIds_N: tf.tensor1d(tokenIds, 'int32'),
  ...rotaryAngles(config, positions),
});

/** What training asks of a pass; reading and generating ask for nothing. */
export interface TrainingPass {
  /** Lets an adapter with dropout drop. */
  readonly dropout?: DropoutKey;
  /**
   * Keeps only what enters each layer, and computes the layer anew for its gradient: the same gradients in the memory of
   * one layer, for a third more time. `attend` is then called twice a layer. Default false.
   */
  readonly recompute?: boolean;
}

/** What lets layers run as graphs, which all layers of a kind share. */
interface LayerGraphs {
  readonly operation: CompiledOperation;
  /** All tensors that `attend` reads besides those that it is given. */
  readonly reads: readonly tf.Tensor[];
  /** Whatever else than shapes decides what `attend` does. */
  readonly key: string;
}

/** A pass over tokens that come after others, or before. */
export interface DecoderPass extends TrainingPass {
  /** Default: layers go by operation, as they do where there are no graphs. */
  readonly graphs?: LayerGraphs;
  /** Each layer's keys and values of the tokens before: `attend` gets them before the own ones. Differentiable. */
  readonly past?: readonly LayerKeyValues[];
  /** Given each layer's own keys and values, layer after layer. Differentiable. */
  readonly onKeyValues?: (keyValues: LayerKeyValues) => void;
}

/** A pass through one layer. */
interface LayerPass extends DecoderPass {
  /** Of `dropout`, for the layer's modules, where it is to read them as a tensor. */
  readonly seeds?: DropoutSeeds;
}

/**
 * x·Wᵀ + b of linear layers that read the same, with their weights [out, in], as Hugging Face stores them, and what their
 * adapters add.
 */
function linears(
  policy: Policy,
  names: readonly string[],
  x_N_I: tf.Tensor2D,
  pass: LayerPass,
): tf.Tensor2D[] {
  const weights = weightsOf(policy);
  const products_N_O = names.map((name) => {
    const weight_O_I = weights[`${name}.weight`] as unknown as tf.Tensor2D;
    const bias_O = weights[`${name}.bias`];
    const product_N_O: tf.Tensor2D = tf.matMul(x_N_I, weight_O_I, false, true);
    return bias_O ? tf.add<tf.Tensor2D>(product_N_O, bias_O) : product_N_O;
  });
  return applyLora(policy, names, x_N_I, products_N_O, pass.dropout, pass.seeds);
}

/** One of {@link linears}. */
const linear = (policy: Policy, name: string, x_N_I: tf.Tensor2D, pass: LayerPass): tf.Tensor2D =>
  linears(policy, [name], x_N_I, pass)[0];

function norm(policy: Policy, name: string, x_N_D: tf.Tensor2D): tf.Tensor2D {
  const weight_D = weightsOf(policy)[`${name}.weight`] as unknown as tf.Tensor1D;
  return rmsNorm(x_N_D, weight_D, policy.config.rmsNormEpsilon);
}

/** Qwen3's norm of each head; other families have none. */
function headNorm(policy: Policy, name: string, x_N_H_D: tf.Tensor3D): tf.Tensor3D {
  if (!weightsOf(policy)[`${name}.weight`]) return x_N_H_D;
  const rows = tf.reshape<tf.Rank.R2>(x_N_H_D, [-1, policy.config.headDim]);
  return tf.reshape(norm(policy, name, rows), x_N_H_D.shape);
}

const after = (past: LayerKeyValues, own: LayerKeyValues): LayerKeyValues => ({
  keys: tf.concat([past.keys, own.keys], 0),
  values: tf.concat([past.values, own.values], 0),
});

/** One layer: attention, then the gated feed-forward, each added to the residual stream. */
function decodeLayer(
  policy: Policy,
  layer: number,
  x_N_D: tf.Tensor2D,
  { cos_N_R, sin_N_R }: RotaryAngles,
  attend: Attend,
  pass: LayerPass,
): tf.Tensor2D {
  const { heads, keyValueHeads, headDim } = policy.config;
  const at = `model.layers.${layer}`;
  const [tokens] = x_N_D.shape;
  const byHead = (x_N_O: tf.Tensor2D, count: number): tf.Tensor3D =>
    tf.reshape(x_N_O, [tokens, count, headDim]);

  const normed_N_D = norm(policy, `${at}.input_layernorm`, x_N_D);
  const attention = ['q_proj', 'k_proj', 'v_proj'].map((name) => `${at}.self_attn.${name}`);
  const [q_N_O, k_N_O, v_N_O] = linears(policy, attention, normed_N_D, pass);
  const q_N_H_D = headNorm(policy, `${at}.self_attn.q_norm`, byHead(q_N_O, heads));
  const k_N_K_D = headNorm(policy, `${at}.self_attn.k_norm`, byHead(k_N_O, keyValueHeads));
  const own = {
    keys: rotary(k_N_K_D, cos_N_R, sin_N_R),
    values: byHead(v_N_O, keyValueHeads),
  };
  pass.onKeyValues?.(own);
  const { keys, values } = pass.past ? after(pass.past[layer], own) : own;
  const attended_N_H_D = attend(layer, rotary(q_N_H_D, cos_N_R, sin_N_R), keys, values);
  const attended_N_D: tf.Tensor2D = tf.reshape(attended_N_H_D, [tokens, heads * headDim]);
  const after_N_D = addResidual(x_N_D, linear(policy, `${at}.self_attn.o_proj`, attended_N_D, pass));

  const middle_N_D = norm(policy, `${at}.post_attention_layernorm`, after_N_D);
  const feedForward = ['gate_proj', 'up_proj'].map((name) => `${at}.mlp.${name}`);
  const [gate_N_F, up_N_F] = linears(policy, feedForward, middle_N_D, pass);
  const gated_N_F = swiGlu(gate_N_F, up_N_F);
  return addResidual(after_N_D, linear(policy, `${at}.mlp.down_proj`, gated_N_F, pass));
}

/** The parameters of one layer, of the adapter or of the decoder itself, by their names in the layer. */
function layerParameters({ parameters }: Policy, layer: number): [name: string, parameter: tf.Variable][] {
  const prefix = `model.layers.${layer}.`;
  return Object.entries(parameters).flatMap(([name, parameter]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), parameter]] : [],
  );
}

/** Computes a layer whose value is one tensor, differentiable in its input and some other tensors. */
type LayerOperation = (
  x_N_D: tf.Tensor2D,
  angles: RotaryAngles,
  variables: readonly tf.Tensor[],
  layer: (x_N_D: tf.Tensor2D, angles: RotaryAngles) => tf.Tensor2D,
) => tf.Tensor2D | undefined;

/** The seeds of a layer's zeros in a pass; undefined where none of its inputs are dropped. */
function layerSeeds(policy: Policy, layer: number, { dropout }: DecoderPass): DropoutSeeds | undefined {
  if (!dropout || (policy.lora?.settings.dropout ?? 0) === 0) return undefined;
  const modules = layerParameters(policy, layer).flatMap(([name]) =>
    name.endsWith('.lora_A.weight')
      ? [`model.layers.${layer}.${name.slice(0, -'.lora_A.weight'.length)}`]
      : [],
  );
  return modules.length > 0 ? dropoutSeeds(dropout, modules) : undefined;
}

/** A layer as a graph. */
function graphOperation(policy: Policy, layer: number, pass: LayerPass): LayerOperation {
  const { operation, reads, key } = pass.graphs as LayerGraphs;
  const seeds = pass.seeds ? [pass.seeds.seeds_M_2] : [];
  const frozen = policy.lora ? layerParameters(policy.lora.base, layer) : [];
  const names = [...layerParameters(policy, layer), ...frozen].map(([name]) => name);
  return (x_N_D, angles, variables, compute) =>
    operation.run({
      variables: [x_N_D, ...variables],
      inputs: [
        ...[angles.cos_N_R, angles.sin_N_R, ...reads, ...seeds],
        ...frozen.map(([, parameter]) => parameter),
      ],
      key: [key, pass.onKeyValues !== undefined, pass.past !== undefined, ...names].join(),
      compute: () => compute(x_N_D, angles),
      recompute: pass.recompute,
    }) as tf.Tensor2D | undefined;
}

/** A layer as one operation, with its keys and values where they are asked for; undefined where it is none. */
function layerAsOne(
  operation: LayerOperation,
  policy: Policy,
  layer: number,
  x_N_D: tf.Tensor2D,
  angles: RotaryAngles,
  attend: Attend,
  { onKeyValues, ...pass }: LayerPass,
): tf.Tensor2D | undefined {
  const { keyValueHeads, headDim } = policy.config;
  const keyWidth = keyValueHeads * headDim;
  const past = pass.past ? [pass.past[layer].keys, pass.past[layer].values] : [];
  const parameters = layerParameters(policy, layer).map(([, parameter]) => parameter);
  // One operation has one output: keys and values stand beside the hidden states, row by row.
  const wide_N_W = operation(x_N_D, angles, [...parameters, ...past], (x, at) => {
    const own: tf.Tensor2D[] = [];
    const tell = ({ keys, values }: LayerKeyValues) =>
      own.push(tf.reshape(keys, [-1, keyWidth]), tf.reshape(values, [-1, keyWidth]));
    const told = onKeyValues && { onKeyValues: tell };
    const y_N_D = decodeLayer(policy, layer, x, at, attend, { ...pass, ...told });
    return own.length > 0 ? tf.concat([y_N_D, ...own], 1) : y_N_D;
  });
  if (!wide_N_W || !onKeyValues) return wide_N_W;
  const [y_N_D, keys, values]: tf.Tensor2D[] = tf.split(wide_N_W, [x_N_D.shape[1], keyWidth, keyWidth], 1);
  const byHead = (x: tf.Tensor2D): tf.Tensor3D => tf.reshape(x, [-1, keyValueHeads, headDim]);
  onKeyValues({ keys: byHead(keys), values: byHead(values) });
  return y_N_D;
}

/** A layer of which nothing is kept but its output, its keys and values, and what a gradient asks for. */
function forgettingLayer(
  policy: Policy,
  layer: number,
  x_N_D: tf.Tensor2D,
  angles: RotaryAngles,
  attend: Attend,
  { onKeyValues, ...pass }: DecoderPass,
): tf.Tensor2D {
  const [y_N_D, keys, values] = tf.tidy((): tf.Tensor[] => {
    const own: tf.Tensor[] = [];
    const told = onKeyValues && {
      onKeyValues: (at: LayerKeyValues) => own.push(at.keys, at.values),
    };
    return [decodeLayer(policy, layer, x_N_D, angles, attend, { ...pass, ...told }), ...own];
  });
  onKeyValues?.({ keys: keys as tf.Tensor3D, values: values as tf.Tensor3D });
  if (tf.engine().state.gradientDepth === 0) x_N_D.dispose();
  return y_N_D as tf.Tensor2D;
}

/** A layer as a graph where it can be one; else by operation, keeping for its gradient as much as the pass says. */
function runLayer(
  policy: Policy,
  layer: number,
  x_N_D: tf.Tensor2D,
  angles: RotaryAngles,
  attend: Attend,
  pass: DecoderPass,
): tf.Tensor2D {
  if (pass.graphs) {
    const seeds = layerSeeds(policy, layer, pass);
    const asked: LayerPass = { ...pass, seeds };
    const y_N_D = layerAsOne(
      graphOperation(policy, layer, asked),
      policy,
      layer,
      x_N_D,
      angles,
      attend,
      asked,
    );
    seeds?.seeds_M_2.dispose();
    if (y_N_D) return y_N_D;
  }
  const recomputing = pass.recompute
    ? layerAsOne(recomputed, policy, layer, x_N_D, angles, attend, pass)
    : undefined;
  return recomputing ?? forgettingLayer(policy, layer, x_N_D, angles, attend, pass);
}

/**
 * Runs a Llama, Qwen2 or Qwen3 decoder over packed tokens up to its final norm. Differentiable in the policy's
 * parameters. Everything but `attend` works token by token, so documents, thoughts and rows of any lengths share
 * each matrix product.
 *
 * @returns hidden states [N, D], float32, ready for the head
 */
export function decode(
  policy: Policy,
  packed: PackedTokens,
  attend: Attend,
  pass: DecoderPass = {},
): tf.Tensor2D {
  return decodeTensors(policy, tokenTensors(policy, packed), attend, pass);
}

/** {@link decode}, from tensors: what a compiled computation calls, whose data must not lie on the host. */
export function decodeTensors(
  policy: Policy,
  { tokenIds_N, ...angles }: TokenTensors,
  attend: Attend,
  pass: DecoderPass = {},
): tf.Tensor2D {
  const embedding_V_D = weightsOf(policy)['model.embed_tokens.weight'] as unknown as tf.Tensor2D;
  let x_N_D = embeddingLookup(embedding_V_D, tokenIds_N);
  for (let layer = 0; layer < policy.config.layers; layer++) {
    x_N_D = runLayer(policy, layer, x_N_D, angles, attend, pass);
  }
  return norm(policy, 'model.norm', x_N_D);
}
