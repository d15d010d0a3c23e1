/** Thrown when this machine lacks something that the set-up needs. Its line says what, and how to get it. */
export class SetupRequirementError extends Error {
  readonly code = 'SETUP_REQUIREMENT';
  override readonly name = 'SetupRequirementError';
}

/** Thrown when a part of the set-up fails. What was finished stays, and the next try goes on from there. */
export class SetupError extends Error {
  readonly code = 'SETUP';
  override readonly name = 'SetupError';
}
