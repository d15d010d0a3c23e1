export type { TfjsNodePackage } from './distributions.js';
export { SetupError, SetupRequirementError } from './setup-error.js';
export { type SetupTensorflowOptions, setupTensorflow, type TensorflowSetup } from './setup-tensorflow.js';
