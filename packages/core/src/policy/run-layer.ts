import type { CompiledComputation, CompiledOperation } from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { type DropoutSeeds, dropoutSeeds } from '../lora/dropout.js';
import {
  type Attend,
  type DecoderPass,
  decodeLayer,
  type LayerGraphs,
  type LayerPass,
} from './decoder-layer.js';
import type { LayerKeyValues } from './key-values.js';
import type { Policy } from './policy.js';
import { recomputed } from './recompute.js';
import type { RotaryAngles } from './rotary-table.js';

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

/** Parameters of a layer that are not trained: those under an adapter. */
const frozenParameters = ({ lora }: Policy, layer: number) => (lora ? layerParameters(lora.base, layer) : []);

/** Whatever decides a layer's graph besides shapes. */
function graphKey(policy: Policy, layer: number, { key }: LayerGraphs, pass: LayerPass): string {
  const parameters = [...layerParameters(policy, layer), ...frozenParameters(policy, layer)];
  const names = parameters.map(([name]) => name);
  // Numbers such as the norms' ε and an adapter's scale are constants of a graph.
  const settings = JSON.stringify([policy.config, policy.lora?.settings]);
  return [key, pass.onKeyValues !== undefined, pass.past !== undefined, settings, ...names].join();
}

/** A layer as a graph that gradients are taken through. */
function graphOperation(
  policy: Policy,
  layer: number,
  operation: CompiledOperation,
  graphs: LayerGraphs,
  pass: LayerPass,
): LayerOperation {
  const seeds = pass.seeds ? [pass.seeds.seeds_M_2] : [];
  const frozen = frozenParameters(policy, layer);
  return (x_N_D, angles, variables, compute) =>
    operation.run({
      variables: [x_N_D, ...variables],
      inputs: [
        ...[angles.cos_N_R, angles.sin_N_R, ...graphs.reads, ...seeds],
        ...frozen.map(([, parameter]) => parameter),
      ],
      key: graphKey(policy, layer, graphs, pass),
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

/** A layer as a graph without gradients. */
function computedLayer(
  policy: Policy,
  layer: number,
  x_N_D: tf.Tensor2D,
  angles: RotaryAngles,
  attend: Attend,
  computation: CompiledComputation,
  graphs: LayerGraphs,
  { onKeyValues, ...pass }: LayerPass,
): tf.Tensor2D {
  const past = pass.past ? [pass.past[layer].keys, pass.past[layer].values] : [];
  const parameters = [...layerParameters(policy, layer), ...frozenParameters(policy, layer)];
  const inputs = [
    ...[x_N_D, angles.cos_N_R, angles.sin_N_R, ...graphs.reads, ...past],
    ...parameters.map(([, parameter]) => parameter),
  ];
  const [y_N_D, keys, values] = computation.run(inputs, graphKey(policy, layer, graphs, pass), () => {
    const own: tf.Tensor[] = [];
    const tell = (at: LayerKeyValues) => own.push(at.keys, at.values);
    return [decodeLayer(policy, layer, x_N_D, angles, attend, { ...pass, onKeyValues: tell }), ...own];
  });
  if (onKeyValues) onKeyValues({ keys: keys as tf.Tensor3D, values: values as tf.Tensor3D });
  else tf.dispose([keys, values]);
  x_N_D.dispose();
  return y_N_D as tf.Tensor2D;
}

/** A layer as a graph where it can be one; else by operation, keeping for its gradient as much as the pass says. */
export function runLayer(
  policy: Policy,
  layer: number,
  x_N_D: tf.Tensor2D,
  angles: RotaryAngles,
  attend: Attend,
  pass: DecoderPass,
): tf.Tensor2D {
  const { graphs } = pass;
  if (graphs?.run.kind === 'computation') {
    const { computation } = graphs.run;
    return computedLayer(policy, layer, x_N_D, angles, attend, computation, graphs, pass);
  }
  if (graphs) {
    const seeds = layerSeeds(policy, layer, pass);
    const asked: LayerPass = { ...pass, seeds };
    const y_N_D = layerAsOne(
      graphOperation(policy, layer, graphs.run.operation, graphs, asked),
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
