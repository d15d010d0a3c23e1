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

const MAX_MESSAGE_CHARACTERS = 600;

/**
 * An error about a file that may come from anyone: its message is one line of bounded length, whatever names and texts
 * out of the file it repeats.
 */
export abstract class UntrustedFileError extends MidtrainError {
  constructor(message: string, options?: ErrorOptions) {
    const line = message.slice(0, 4 * MAX_MESSAGE_CHARACTERS).replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
    super(line.length > MAX_MESSAGE_CHARACTERS ? `${line.slice(0, MAX_MESSAGE_CHARACTERS)}…` : line, options);
  }
}
