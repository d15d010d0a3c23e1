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
import { requireFinite } from './require-finite.js';

/** The step that gradients are of. */
interface OptimiserStep {
  readonly step: number;
  readonly learningRate: number;
  /** What the gradients are of, by the names that an error should tell. */
  readonly losses: Readonly<Record<string, number>>;
}

/** How gradients become a change of the weights. */
export interface Optimiser {
  readonly state: AdamWState;
  /**
   * Clips and applies gradients, releases them, and returns their norm before clipping.
   *
   * @throws {DivergenceError} when a loss or the norm is not finite; weights and moments are left as they are
   */
  apply(gradients: Gradients, of: OptimiserStep): Promise<number>;
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
    async apply(gradients, of) {
      try {
        return canCompile()
          ? await applyCompiled(policy, gradients, state, { graphs, asFunction, ...options }, of)
          : await applyInPlace(policy, gradients, state, { inPlace, ...options }, of);
      } finally {
        tf.dispose(gradients);
      }
    },
    dispose() {
      graphs.norm.dispose();
      graphs.update.dispose();
      tf.dispose([Object.values(state.firstMoment), Object.values(state.secondMoment)]);
    },
  };
}

/** Reads the norm; only a step that is finite may go on to the weights. */
async function finiteNorm(norm: tf.Tensor, { step, losses }: OptimiserStep): Promise<number> {
  const [gradientNorm] = await norm.data();
  requireFinite(step, { ...losses, gradientNorm });
  return gradientNorm;
}

async function applyInPlace(
  policy: Policy,
  gradients: Gradients,
  state: AdamWState,
  { inPlace, clipNorm }: { readonly inPlace: AdamW; readonly clipNorm: number },
  of: OptimiserStep,
): Promise<number> {
  const clipped = clipByGlobalNorm(gradients, clipNorm);
  try {
    const norm = await finiteNorm(clipped.norm, of);
    inPlace.update(policy.parameters, clipped.gradients, state, of.learningRate);
    return norm;
  } finally {
    tf.dispose([clipped.gradients as tf.NamedTensorMap, clipped.norm]);
  }
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
async function applyCompiled(
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
  of: OptimiserStep,
): Promise<number> {
  const [norm, scale] = graphs.norm.run(Object.values(gradients), '', () => {
    const clip = clipScale(gradients, clipNorm);
    return [clip.norm, clip.scale];
  });
  const passing = [norm, scale];
  try {
    const gradientNorm = await finiteNorm(norm, of);
    state.step += 1;
    const scalars_3 = asFunction.scalars(state.step, of.learningRate);
    passing.push(scalars_3);
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
            return asFunction.update(name, {
              parameter,
              gradient,
              firstMoment,
              secondMoment,
              scalars,
              factor,
            });
          }),
      );
      updated.forEach((value, index) => {
        variables[index].assign(value);
        value.dispose();
      });
      tf.dispose(own);
    }
    return gradientNorm;
  } finally {
    tf.dispose(passing);
  }
}
