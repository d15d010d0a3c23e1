import { readFile } from 'node:fs/promises';
import { EvalMathError } from '../errors.js';
import { readContest } from './contest.js';
import { readGsm8k } from './gsm8k.js';
import { readMathRow } from './math.js';
import { readOlympiadBench } from './olympiad-bench.js';
import { type OwnFields, readOwn } from './own.js';
import type { Benchmark, Problem } from './problem.js';
import { parseRow, type Row } from './row.js';

const READERS = {
  gsm8k: readGsm8k,
  math: readMathRow,
  math500: readMathRow,
  aime: readContest,
  amc: readContest,
  olympiadbench: readOlympiadBench,
  own: readOwn,
} as const satisfies Record<string, (row: Row, fields?: OwnFields) => Problem>;

/** The formats that {@link readBenchmark} knows; `own` is one's own JSONL. */
export type BenchmarkFormat = keyof typeof READERS;

/** The names of {@link BenchmarkFormat}. */
export const BENCHMARK_FORMATS = Object.keys(READERS) as BenchmarkFormat[];

/**
 * Reads the problems out of the text of a JSONL file. `fields` are for the format `own`.
 * Throws `EvalMathError` (`INVALID_BENCHMARK`) naming file and line at the first bad line, at a repeated id, or if empty.
 */
export function parseBenchmark(
  format: BenchmarkFormat,
  jsonl: string,
  file: string,
  fields?: OwnFields,
): Benchmark {
  if (!Object.hasOwn(READERS, format)) {
    throw new EvalMathError(
      'INVALID_BENCHMARK',
      `benchmark must be one of ${BENCHMARK_FORMATS.join(', ')}, not ${String(format)}`,
    );
  }
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, json] of jsonl
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (json.trim() === '') continue;
    const row = parseRow(json, file, index + 1);
    const problem = READERS[format](row, fields);
    if (seen.has(problem.id))
      throw new EvalMathError('INVALID_BENCHMARK', `${row.place}: the id ${problem.id} is there twice`);
    seen.add(problem.id);
    problems.push(problem);
  }
  if (problems.length === 0)
    throw new EvalMathError('INVALID_BENCHMARK', `${file}: no problems; expected one JSON object a line`);
  return { name: format, problems };
}

/**
 * Reads a benchmark from a JSONL file; `fields` and errors as {@link parseBenchmark}, and `INVALID_BENCHMARK` also
 * where the file cannot be read.
 */
export async function readBenchmark(
  format: BenchmarkFormat,
  path: string,
  fields?: OwnFields,
): Promise<Benchmark> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new EvalMathError('INVALID_BENCHMARK', `${path}: cannot be read; expected a JSONL file`, { cause });
  });
  return parseBenchmark(format, text, path, fields);
}
