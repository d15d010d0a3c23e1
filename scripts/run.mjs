// Runs a program to its end, with its output streamed, kept, or both.
import { spawn } from 'node:child_process';
import { root, toolEnv } from './workspace.mjs';

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stream?: boolean, timeoutSeconds?: number }} [options]
 *   `stream` also shows the output as it comes; past `timeoutSeconds` the program is ended and counts as failed.
 * @returns {Promise<{ ok: boolean, status: number | null, output: string, stdout: string }>}
 */
export function run(command, args, { cwd = root, env = toolEnv, stream = false, timeoutSeconds } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      timeout: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
    });
    let output = '';
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
      if (stream) process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
      if (stream) process.stderr.write(chunk);
    });
    child.on('error', (error) =>
      resolve({ ok: false, status: null, output: `${command}: ${error.message}`, stdout }),
    );
    child.on('close', (status, signal) => {
      if (signal)
        output += `\n${command} was ended by ${signal}${timeoutSeconds ? ` (limit ${timeoutSeconds} s)` : ''}`;
      resolve({ ok: status === 0, status, output, stdout });
    });
  });
}
