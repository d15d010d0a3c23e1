import {
  type AdamW,
  type AdamWFunction,
  type AdamWOptions,
  type AdamWState,
  adamW,
  adamWFunction,
  type CompiledComputation,
  canCompile,
  clipByGlobalNorm,
  compiledComputation,
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
  const compiled = compiledComputation('the optimiser');
  const asFunction = adamWFunction(options.adamW);
  return {
    state,
    async apply(gradients, learningRate) {
      const norm = canCompile()
        ? applyCompiled(policy, gradients, state, { compiled, asFunction, ...options }, learningRate)
        : applyInPlace(policy, gradients, state, { inPlace, ...options }, learningRate);
      const [value] = await norm.data();
      tf.dispose([gradients, norm]);
      return value;
    },
    dispose() {
      compiled.dispose();
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

/** The same as one graph, which returns what the variables are to be. */
function applyCompiled(
  policy: Policy,
  gradients: Gradients,
  state: AdamWState,
  {
    compiled,
    asFunction,
    clipNorm,
  }: {
    readonly compiled: CompiledComputation;
    readonly asFunction: AdamWFunction;
    readonly clipNorm: number;
  },
  learningRate: number,
): tf.Scalar {
  state.step += 1;
  const names = Object.keys(gradients);
  const variables = names.flatMap((name) => [
    policy.parameters[name],
    state.firstMoment[name],
    state.secondMoment[name],
  ]);
  const scalars_3 = asFunction.scalars(state.step, learningRate);
  const inputs = [scalars_3, ...names.map((name) => gradients[name]), ...variables];
  const [norm, ...updated] = compiled.run(inputs, names.join(), () => {
    const clipped = clipByGlobalNorm(gradients, clipNorm);
    const next = names.flatMap((name) =>
      asFunction.update(
        name,
        {
          parameter: policy.parameters[name],
          gradient: clipped.gradients[name],
          firstMoment: state.firstMoment[name],
          secondMoment: state.secondMoment[name],
        },
        scalars_3,
      ),
    );
    return [clipped.norm, ...next];
  });
  updated.forEach((value, index) => {
    variables[index].assign(value);
    value.dispose();
  });
  scalars_3.dispose();
  return norm as tf.Scalar;
}
