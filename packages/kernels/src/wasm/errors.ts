/** Thrown when a kernel is given values it cannot compute with. */
export class KernelInputError extends Error {
  readonly code = 'KERNEL_INPUT';
  override readonly name = 'KernelInputError';
}

/** Thrown when the wasm backend's heap cannot hold another tensor. */
export class OutOfMemoryError extends Error {
  readonly code = 'OUT_OF_MEMORY';
  override readonly name = 'OutOfMemoryError';
}
