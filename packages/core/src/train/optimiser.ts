import {
  type AdamW,
  type AdamWFunction,
  type AdamWOptions,
  type AdamWState,
  adamW,
  adamWFunction,
  type CompiledComputation,
  type CompiledElementwise,
  canCompile,
  clipByGlobalNorm,
  clipScale,
  compiledComputation,
  compiledElementwise,
} from '@midtrain/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Policy } from '../policy/policy.js';
import type { Gradients } from './gradients.js';

/** How gradients become a change of the weights. */
export interface Optimiser {
  readonly state: AdamWState;
  /** Clips and applies gradients, releases them, and returns their norm before clipping. */
  apply(gradients: Gradients, learningRate: number): Promise<number>;
  /** Releases the moments. */
  dispose(): void;
}

export interface OptimiserOptions {
  readonly adamW?: AdamWOptions;
  /** Gradients are scaled down to this global norm; Infinity leaves them. */
  readonly clipNorm: number;
}

/** AdamW on a policy's parameters, with moments of zero. */
export function makeOptimiser(policy: Policy, options: OptimiserOptions): Optimiser {
  const inPlace = adamW(options.adamW);
  const state = inPlace.init(policy.parameters);
  const graphs = { norm: compiledComputation('clipping'), update: compiledElementwise('the optimiser') };
  const asFunction = adamWFunction(options.adamW);
  return {
    state,
    async apply(gradients, learningRate) {
      const norm = canCompile()
        ? applyCompiled(policy, gradients, state, { graphs, asFunction, ...options }, learningRate)
        : applyInPlace(policy, gradients, state, { inPlace, ...options }, learningRate);
      const [value] = await norm.data();
      tf.dispose([gradients, norm]);
      return value;
    },
    dispose() {
      graphs.norm.dispose();
      graphs.update.dispose();
      tf.dispose([Object.values(state.firstMoment), Object.values(state.secondMoment)]);
    },
  };
}

function applyInPlace(
  policy: Policy,
  gradients: Gradients,
  state: AdamWState,
  { inPlace, clipNorm }: { readonly inPlace: AdamW; readonly clipNorm: number },
  learningRate: number,
): tf.Scalar {
  const clipped = clipByGlobalNorm(gradients, clipNorm);
  inPlace.update(policy.parameters, clipped.gradients, state, learningRate);
  tf.dispose(clipped.gradients as tf.NamedTensorMap);
  return clipped.norm;
}

/** Elements that one graph updates: what it computes exists twice while it does, and stays in a core's cache if small. */
const GROUP_ELEMENTS = 2 ** 20;

/** Names in order, in groups of few elements each, or of one name. */
function updateGroups(gradients: Gradients): string[][] {
  const groups: string[][] = [];
  let elements = Number.POSITIVE_INFINITY;
  for (const name of Object.keys(gradients)) {
    const { size } = gradients[name];
    if (elements + size > GROUP_ELEMENTS) {
      groups.push([]);
      elements = 0;
    }
    groups[groups.length - 1].push(name);
    elements += size;
  }
  return groups;
}

/** Whatever decides the graph of a group: layers that are alike share it. */
const groupKey = (
  names: readonly string[],
  gradients: Gradients,
  { decays = () => true }: AdamWOptions,
): string =>
  JSON.stringify(
    names.map((name) => {
      const { shape, rank } = gradients[name];
      return [decays(name), rank === 1 ? shape : rank];
    }),
  );

/** The same as graphs, which return what the variables are to be. Releases gradients as it goes. */
function applyCompiled(
  policy: Policy,
  gradients: Gradients,
  state: AdamWState,
  {
    graphs,
    asFunction,
    clipNorm,
    adamW = {},
  }: OptimiserOptions & {
    readonly graphs: { readonly norm: CompiledComputation; readonly update: CompiledElementwise };
    readonly asFunction: AdamWFunction;
  },
  learningRate: number,
): tf.Scalar {
  state.step += 1;
  const [norm, scale] = graphs.norm.run(Object.values(gradients), '', () => {
    const clip = clipScale(gradients, clipNorm);
    return [clip.norm, clip.scale];
  });
  const scalars_3 = asFunction.scalars(state.step, learningRate);
  for (const names of updateGroups(gradients)) {
    const variables = names.flatMap((name) => [
      policy.parameters[name],
      state.firstMoment[name],
      state.secondMoment[name],
    ]);
    const own = names.map((name) => gradients[name]);
    const inputs = [scalars_3, scale, ...own, ...variables];
    const updated = graphs.update.run(
      inputs,
      groupKey(names, gradients, adamW),
      ([scalars, factor, ...tensors]) =>
        names.flatMap((name, i) => {
          const [parameter, firstMoment, secondMoment] = tensors.slice(names.length + 3 * i);
          const gradient = tensors[i];
          return asFunction.update(name, { parameter, gradient, firstMoment, secondMoment, scalars, factor });
        }),
    );
    updated.forEach((value, index) => {
      variables[index].assign(value);
      value.dispose();
    });
    tf.dispose(own);
  }
  tf.dispose([scalars_3, scale]);
  return norm as tf.Scalar;
}
