import { writeJsonFile } from '@midtrain/core';
import type { Command } from 'commander';
import { benchTable } from '../bench/print-bench.js';
import { runBench } from '../bench/run-bench.js';
import { addBackendOptions, addJsonOption, type BackendFlags, wholeNumber } from '../options.js';
import { printJson } from '../print-json.js';
import { withBackend } from '../with-backend.js';

interface BenchFlags extends BackendFlags {
  readonly documents: number;
  readonly documentTokens: number;
  readonly positions: number;
  readonly branches: number;
  readonly newTokens: number;
  readonly repeats: number;
  readonly seed: number;
  readonly rows: boolean;
  readonly asShipped?: boolean;
  readonly profile?: string;
  readonly json?: boolean;
}

/** `midtrain bench`: what this machine reaches, and the tree against the same step row by row. */
export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .description('what this machine reaches: an RMT step on the tree against row by row, a training step')
    .option('--documents <n>', 'documents of the step', wholeNumber(1), 4)
    .option('--document-tokens <n>', 'tokens of each document', wholeNumber(2), 512)
    .option('--positions <n>', 'positions in each document', wholeNumber(1), 16)
    .option('--branches <n>', 'branches at each position', wholeNumber(1), 8)
    .option('--new-tokens <n>', 'tokens that a branch samples', wholeNumber(2), 24)
    .option('--repeats <n>', 'timed steps on the tree; the median counts', wholeNumber(1), 3)
    .option('--no-rows', 'only on the tree: row by row long documents take minutes')
    .option('--as-shipped', 'also the training step on tfjs’s wasm backend as it is shipped')
    .option('--profile <file>', 'write a trace of one step, kernel by kernel, which Chrome and Perfetto open')
    .option('--seed <n>', 'decides weights, texts and draws', wholeNumber(0), 0);
  addJsonOption(addBackendOptions(command)).action(async (flags: BenchFlags) => {
    const {
      documents,
      documentTokens,
      positions,
      branches,
      newTokens,
      repeats,
      seed,
      rows,
      asShipped = false,
      profile,
      json,
    } = flags;
    const report = await withBackend(flags, (backend) =>
      runBench(backend, {
        size: { documents, documentTokens, positions, branches, newTokens },
        seed,
        repeats,
        rows,
        asShipped,
        onTrace: profile === undefined ? undefined : (trace) => writeJsonFile(profile, trace),
        say: (text) => process.stderr.write(`bench: ${text}\n`),
      }),
    );
    if (json) await printJson(report);
    else process.stdout.write(benchTable(report));
  });
}
