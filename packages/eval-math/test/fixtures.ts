import { readFileSync } from 'node:fs';
import type { GradeOptions } from '../src/index.js';

/** A line of `fixtures/*.jsonl`. */
interface LabelledPair extends GradeOptions {
  readonly id: string;
  readonly gold: string;
  readonly prediction: string;
  readonly correct: boolean;
}

/** The pairs of one fixture. */
export function readPairs(name: 'right' | 'wrong' | 'math-verify'): LabelledPair[] {
  const text = readFileSync(new URL(`../fixtures/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LabelledPair);
}
