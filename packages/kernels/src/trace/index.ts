export { type CompiledComputation, compiledComputation } from './compiled-computation.js';
export { type CompiledElementwise, compiledElementwise } from './compiled-elementwise.js';
export {
  type CompiledOperation,
  compiledOperation,
  type DifferentiableOperation,
  type ProductType,
  requireProducts,
} from './compiled-operation.js';
export { canCompile } from './graph-cache.js';
