import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { writeFileAtomic } from '@midtrain/core';
import { UsageError } from '../cli-error.js';

/** How many pairs were graded, and how many predictions are right. */
export interface GradeCounts {
  readonly graded: number;
  readonly correct: number;
}

/**
 * Grades a file of pairs into another, which is written whole or not at all.
 *
 * @throws UsageError where the file cannot be read; EvalMathError naming file and line at the first bad line
 */
export async function gradeFile(pairs: string, out: string): Promise<GradeCounts> {
  const { gradePairs } = await import('@midtrain/eval-math');
  const stream = createReadStream(pairs);
  await once(stream, 'open').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${pairs}: ${cause.code === 'ENOENT' ? 'not found' : cause.message}; give a JSONL file`,
      { cause },
    );
  });
  const written: string[] = [];
  let correct = 0;
  for await (const line of gradePairs(
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }),
    pairs,
  )) {
    written.push(`${JSON.stringify(line)}\n`);
    if (line.correct) correct++;
  }
  await writeFileAtomic(out, written.join(''));
  return { graded: written.length, correct };
}
