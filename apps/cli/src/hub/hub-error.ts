import { MidtrainError } from '@midtrain/core';

/** A repository is not there, lists what must not be written, or does not have what a model needs. */
export class RepositoryError extends MidtrainError {
  readonly code = 'invalid_repository';
}

/** The hub cannot be reached, or what came is not what it announced. Running again goes on where it stopped. */
export class DownloadError extends MidtrainError {
  readonly code = 'download_failed';
  override readonly exitCode = 1;
}
