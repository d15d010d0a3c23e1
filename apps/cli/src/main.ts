import { CommanderError } from 'commander';
import { describeError, type ExitStatus } from './error-line.js';
import { makeProgram } from './program.js';

/**
 * Runs the command: parses the arguments, does what they say, prints an error as a line on stderr.
 *
 * @param args without the node binary and the script
 * @returns 0 done, 1 failed, 2 bad usage, configuration or input
 */
export async function main(args: readonly string[]): Promise<ExitStatus> {
  // A reader that has seen enough (`| head`) closes the pipe; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    await makeProgram().parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { text, status } = describeError(error);
    process.stderr.write(`${text}\n`);
    return status;
  }
}
