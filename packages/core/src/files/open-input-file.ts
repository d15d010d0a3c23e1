import { type FileHandle, open, stat } from 'node:fs/promises';
import type { MakeFileError } from './input-file-error.js';

/**
 * Opens a file for reading. Folders, pipes and devices are refused: reading one may never end.
 *
 * @param makeError makes what is thrown; its message starts with the path
 * @throws where the file is missing, no plain file or cannot be read
 */
export async function openInputFile(file: string, makeError: MakeFileError): Promise<FileHandle> {
  try {
    if (!(await stat(file)).isFile()) throw makeError(`${file}: is no plain file`);
    return await open(file, 'r');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !/^[A-Z]/.test(code)) throw cause;
    throw makeError(`${file}: ${code === 'ENOENT' ? 'not found' : `cannot be read (${message})`}`, { cause });
  }
}

/** Fills `bytes` from a place in the file. @throws what `makeError` makes, where the file ends before */
export async function readExactly(
  file: string,
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  makeError: MakeFileError,
): Promise<Uint8Array> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle
      .read(bytes, done, bytes.length - done, position + done)
      .catch((cause: Error) => {
        throw makeError(`${file}: cannot be read (${cause.message})`, { cause });
      });
    if (bytesRead === 0) {
      throw makeError(
        `${file}: ends at byte ${position + done}, expected ${position + bytes.length}; it is cut short, get it again`,
      );
    }
    done += bytesRead;
  }
  return bytes;
}
