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

/** Most graphs that an update is cut into. */
const MAX_GROUPS = 32;
/** Fewest elements that are worth a graph of their own. */
const MIN_GROUP_ELEMENTS = 2 ** 22;

/** Names in order, in groups of few elements each: what one graph computes exists twice while it does. */
function updateGroups(gradients: Gradients): string[][] {
  const names = Object.keys(gradients);
  const all = names.reduce((sum, name) => sum + gradients[name].size, 0);
  const most = Math.max(MIN_GROUP_ELEMENTS, all / MAX_GROUPS);
  const groups: string[][] = [];
  let elements = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const { size } = gradients[name];
    if (elements + size > most) {
      groups.push([]);
      elements = 0;
    }
    groups[groups.length - 1].push(name);
    elements += size;
  }
  return groups;
}

/** The same as graphs, which return what the variables are to be. Releases gradients as it goes. */
function applyCompiled(
  policy: Policy,
  gradients: Gradients,
  state: AdamWState,
  {
    graphs,
    asFunction,
    clipNorm,
  }: {
    readonly graphs: { readonly norm: CompiledComputation; readonly update: CompiledElementwise };
    readonly asFunction: AdamWFunction;
    readonly clipNorm: number;
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
    const updated = graphs.update.run(inputs, names.join(), ([scalars, factor, ...tensors]) =>
      names.flatMap((name, i) => {
        const [parameter, firstMoment, secondMoment] = tensors.slice(names.length + 3 * i);
        const gradient = tf.mul(tensors[i], factor);
        return asFunction.update(
          name,
          { parameter, gradient, firstMoment, secondMoment },
          scalars as tf.Tensor1D,
        );
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
