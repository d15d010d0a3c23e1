import * as tf from '@tensorflow/tfjs-core';

/** A value and its gradients, `undefined` with respect to what it does not depend on. */
export interface ValueGradients<Value extends tf.Tensor> {
  readonly value: Value;
  readonly gradients: readonly (tf.Tensor | undefined)[];
}

/** Lets the backward pass release what a node saved, and the gradients of its outputs, when the next one's turn comes. */
function releaseOnTheWay(): void {
  const { state } = tf.engine();
  /** How often a gradient function returned a tensor: one that it hands on unchanged belongs to several nodes. */
  const returned = new Map<tf.Tensor, number>();
  let release = (): void => {};
  for (const node of state.activeTape ?? []) {
    const { gradient, saved = [] } = node;
    if (!gradient) continue;
    node.gradient = (outputGradients) => {
      release();
      const inputGradients = gradient(outputGradients);
      release = () => {
        const handedOn = (x: tf.Tensor) => (returned.get(x) ?? 0) > 1;
        tf.dispose([saved, outputGradients.filter((x) => x && !handedOn(x))]);
      };
      const counted = (take: () => tf.Tensor) => () => {
        const taken = take();
        const unchanged = outputGradients.includes(taken);
        returned.set(taken, (returned.get(taken) ?? 0) + (unchanged ? 2 : 1));
        return taken;
      };
      return Object.fromEntries(Object.entries(inputGradients).map(([name, take]) => [name, counted(take)]));
    };
  }
}

/**
 * tfjs's gradients in less memory: what the forward pass saved for an operation, and the gradient of its output, are
 * released as the backward pass goes by. tfjs keeps all of it to the end, so that a backward pass takes the memory of the
 * forward pass once more. Inside of another's gradients nothing is released.
 *
 * @param f computes the value; its intermediate tensors are disposed of
 * @param xs what to differentiate with respect to
 * @param direction gradient of the value; default ones. It is the caller's, and stays.
 */
export function releasingGradients<Value extends tf.Tensor>(
  f: () => Value,
  xs: readonly tf.Tensor[],
  direction?: tf.Tensor,
): ValueGradients<Value> {
  const engine = tf.engine();
  const outermost = engine.state.gradientDepth === 0;
  const watched = (): Value => {
    const value = f();
    if (outermost) releaseOnTheWay();
    return value;
  };
  return tf.tidy(() => {
    const start = direction && tf.clone(direction);
    const { value, grads } = engine.gradients(watched, [...xs], start, true);
    return { value: value as Value, gradients: grads.map((gradient) => gradient ?? undefined) };
  });
}
