import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A line of a run's `metrics.jsonl` or `rollouts.jsonl`. */
export interface RunLine {
  readonly step: number;
  readonly seconds: number;
  readonly [key: string]: unknown;
}

/** The lines of a file of a run. */
export async function runLines(run: string, file = 'metrics.jsonl'): Promise<RunLine[]> {
  const text = await readFile(join(run, file), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunLine);
}

/** What two runs that learn the same have in common. */
export const withoutTime = (lines: readonly RunLine[]) => lines.map(({ seconds: _, ...line }) => line);

/** Steps on record, of a run that may be going. */
export async function stepsDone(run: string): Promise<number> {
  const file = join(run, 'metrics.jsonl');
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n').length - 1 : 0;
}
