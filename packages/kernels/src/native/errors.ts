/** Thrown when the native engine is asked to compute but cannot run on this machine. */
export class NativeUnavailableError extends Error {
  readonly code = 'NATIVE_UNAVAILABLE';
  override readonly name = 'NativeUnavailableError';
}

/** Thrown when the values given to a native graph do not fit its definition. */
export class NativeGraphError extends Error {
  readonly code = 'NATIVE_GRAPH';
  override readonly name = 'NativeGraphError';
}
