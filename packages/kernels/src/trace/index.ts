export { type CompiledComputation, compiledComputation } from './compiled-computation.js';
export {
  type CompiledGradients,
  compiledGradients,
  type DifferentiableComputation,
  differentiate,
  type LossGradients,
} from './compiled-gradients.js';
export { canCompile } from './graph-cache.js';
