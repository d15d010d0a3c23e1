import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { SetupError } from './setup-error.js';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Does it unless it cannot because of a file that is there, or is not. */
function unless(code: 'EEXIST' | 'ENOENT', act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false;
    throw error;
  }
}

/**
 * Holds a lock file for this process. One that a process left behind when it was killed does not count.
 * @returns what gives it back
 * @throws {SetupError} while another process holds it
 */
export function holdLock(path: string): () => void {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    for (;;) {
      // Linked, it is there with its content or not at all.
      if (unless('EEXIST', () => linkSync(own, path))) return () => rmSync(path, { force: true });
      let holder = 0;
      if (!unless('ENOENT', () => (holder = Number(readFileSync(path, 'utf8'))))) continue;
      if (holder > 0 && isRunning(holder)) {
        throw new SetupError(
          `setup tensorflow: process ${holder} is at it already; wait for it, or remove ${path} if that is something else`,
        );
      }
      // Of several that find it left behind one takes it away. What another has taken meanwhile is put back.
      const left = `${own}.left`;
      if (!unless('ENOENT', () => renameSync(path, left))) continue;
      if (Number(readFileSync(left, 'utf8')) !== holder) unless('EEXIST', () => linkSync(left, path));
      rmSync(left);
    }
  } finally {
    rmSync(own, { force: true });
  }
}
