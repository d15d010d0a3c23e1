export { KernelInputError, OutOfMemoryError } from './errors.js';
export { installWasmKernels } from './install-wasm-kernels.js';
