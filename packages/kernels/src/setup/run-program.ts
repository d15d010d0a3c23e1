import { spawn } from 'node:child_process';

/** How a program ended. */
export interface ProgramResult {
  readonly ok: boolean;
  /** undefined when it could not be started or was ended by a signal. */
  readonly status: number | undefined;
  readonly stdout: string;
  /** The last line that says something, of stderr or else of stdout. */
  readonly lastLine: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

const lastLineOf = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';

/** pip and npm end with hints; the line that says what is wrong begins with one of these. */
const errorLineOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(error|fatal error|npm err|npm error)\b|: (fatal )?error: /i.test(line))
    .at(-1) ?? lastLineOf(text);

/** Runs a program without a shell and keeps its output. Never throws for what the program does. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(command, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', (error) =>
      resolve({ ok: false, status: undefined, stdout, lastLine: `${command}: ${error.message}` }),
    );
    child.on('close', (status, signal) =>
      resolve({
        ok: status === 0,
        status: status ?? undefined,
        stdout,
        lastLine: signal
          ? `${command} was ended by ${signal}`
          : errorLineOf(stderr) || lastLineOf(stdout) || `exit code ${status}`,
      }),
    );
  });
}
