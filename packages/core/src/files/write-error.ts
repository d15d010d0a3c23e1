import { MidtrainError } from '../errors.js';

/** The disk is full: nothing was left at the path that was being written. */
export class DiskFullError extends MidtrainError {
  readonly code = 'disk_full';
  override readonly exitCode = 1;
}

/** A file or folder cannot be written, for another reason than a full disk. */
export class WriteError extends MidtrainError {
  readonly code = 'cannot_write';
  override readonly exitCode = 1;
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Runs `write`, and turns what the system says when it fails into an error that names the path.
 *
 * @throws DiskFullError where there is no room, WriteError where the system refuses otherwise
 */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (cause instanceof MidtrainError || code === undefined) throw cause;
    if (FULL.has(code)) {
      throw new DiskFullError(`${path}: the disk is full (${code}); free some space and run again`, {
        cause,
      });
    }
    throw new WriteError(`${path}: cannot be written (${(cause as Error).message})`, { cause });
  }
}
