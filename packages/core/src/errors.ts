/** What the command should exit with: 2 for bad usage, configuration or input, 1 for other failures. */
export type ExitCode = 1 | 2;

/**
 * An error that a person can act on: its one-line message names the file and field, says what was expected and what
 * to do. Subclasses fix `code`, which programs may rely on.
 */
export abstract class MidtrainError extends Error {
  abstract readonly code: string;
  readonly exitCode: ExitCode = 2;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
