/** Thrown when an operation's input has a shape or a value that it cannot take. */
export class OperationInputError extends Error {
  readonly code = 'OPERATION_INPUT';
  override readonly name = 'OperationInputError';
}

/** Throws an `OperationInputError` with this message unless the condition holds. */
export function requireInput(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new OperationInputError(message());
}
