import { UntrustedFileError } from '../errors.js';

/** A file that is not there, cannot be read, or does not hold what it should. */
export class InputFileError extends UntrustedFileError {
  readonly code = 'invalid_file';
}

/** Makes the error that a file's own concept throws. */
export type MakeFileError = (message: string, options?: ErrorOptions) => Error;
