import { MidtrainError } from '@midtrain/core';

/** The command was called in a way that cannot work. */
export class UsageError extends MidtrainError {
  readonly code = 'bad_usage';
}

/** A configuration, or a component that it names, is not as it should be. One line for each mistake. */
export class ConfigError extends MidtrainError {
  readonly code = 'invalid_config';
}

/** A run folder cannot be started in, or gone on with. */
export class RunFolderError extends MidtrainError {
  readonly code = 'invalid_run_folder';
}

/** The run was stopped before it was done, by Ctrl-C or a signal; it can be gone on with. */
export class InterruptedError extends MidtrainError {
  readonly code = 'interrupted';
  override readonly exitCode = 1;
}

/** A process that did a part of the work failed. */
export class WorkerError extends MidtrainError {
  readonly code = 'worker_failed';

  constructor(
    message: string,
    override readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
