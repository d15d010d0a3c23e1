import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SetupError } from './setup-error.js';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Holds a lock file for this process. One that a process left behind when it was killed does not count.
 * @returns what gives it back
 * @throws {SetupError} while another process holds it
 */
export function holdLock(path: string): () => void {
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0 && isRunning(pid)) {
      throw new SetupError(
        `setup tensorflow: process ${pid} is at it already; wait for it, or remove ${path} if that is something else`,
      );
    }
    rmSync(path, { force: true });
  }
}
