import { freemem } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { SelectedBackend } from '@midtrain/kernels';
import { Argument, type Command, Option } from 'commander';
import { addBackendOptions, addJsonOption, type BackendFlags, wholeNumber } from '../options.js';
import { printJson } from '../print-json.js';
import { reproduce } from '../reproduce/reproduce.js';
import type { Results, TierEstimates } from '../reproduce/results/results.js';
import type { WorkerPool } from '../reproduce/run/in-workers.js';
import { serveRuns } from '../reproduce/run/serve-runs.js';
import { STUDIES } from '../reproduce/studies.js';
import { withBackend } from '../with-backend.js';

interface ReproduceFlags extends BackendFlags {
  readonly output?: string;
  readonly seeds?: number;
  readonly searchBases?: number;
  readonly quick?: boolean;
  readonly jobs?: number;
  readonly worker?: boolean;
  readonly json?: boolean;
}

const cells = ({ easy, medium, hard, average }: TierEstimates): string =>
  [easy, medium, hard, average]
    .map((one) => (one === null ? '–' : (100 * one.value).toFixed(1)).padStart(7))
    .join(' ');

function table({ methods }: Results): string {
  const row = (label: string, tiers: TierEstimates, length: string) =>
    `  ${label.padEnd(44)}${cells(tiers)} ${length.padStart(7)}\n`;
  return methods
    .map(({ label, withoutReasoning, withReasoning, meanLength }) =>
      [
        row(label, withoutReasoning, '–'),
        row(`${label}, thinking`, withReasoning, meanLength?.value.toFixed(1) ?? '–'),
      ].join(''),
    )
    .join('');
}

/** Memory that a worker is thought to need, bytes. */
const WORKER_BYTES = 2 ** 30;

/**
 * Small models gain more from a run on each core than from many cores on one run. With one run at a time there is no
 * need for workers.
 */
function workersFor({ name, threads }: SelectedBackend, jobs: number | undefined): WorkerPool | undefined {
  const room = Math.max(1, Math.floor(freemem() / WORKER_BYTES));
  const count = jobs ?? (name === 'wasm' ? Math.min(threads, room) : 1);
  if (count === 1) return undefined;
  const each = Math.max(1, Math.floor(threads / count));
  const args = ['--threads', String(each), '--worker'];
  return { count, script: process.argv[1], args };
}

/** `midtrain reproduce`: the paper's comparison at small scale. */
export function addReproduce(program: Command): void {
  const command = program
    .command('reproduce')
    .description(
      'the paper’s comparison at small scale: methods, ablations, sensitivity, with intervals; a page',
    )
    .addArgument(
      new Argument('[study]', 'corpus').choices(Object.keys(STUDIES)).default(Object.keys(STUDIES)[0]),
    )
    .option('--output <folder>', 'of all runs; one that was begun goes on (default: runs/reproduce-STUDY)')
    .option('--seeds <n>', 'bases, and runs of each method (default: 5; 2 with --quick)', wholeNumber(1))
    .option(
      '--search-bases <n>',
      'bases that learning rates are tried on, none of which is compared (default: 1)',
      wholeNumber(1),
    )
    .option('--quick', 'the whole path in minutes, only to see that all works')
    .option(
      '--jobs <n>',
      'runs at a time, each with its share of the threads (default: one for each thread on wasm, else 1)',
      wholeNumber(1),
    )
    .addOption(new Option('--worker').hideHelp());
  addJsonOption(addBackendOptions(command)).action(async (name: string, flags: ReproduceFlags) => {
    const { quick = false, seeds, searchBases } = flags;
    const folder = resolve(flags.output ?? join('runs', `reproduce-${name}${quick ? '-quick' : ''}`));
    const request = { study: STUDIES[name], folder, quick, seeds, searchBases };
    if (flags.worker) return withBackend(flags, (backend) => serveRuns(request, backend));
    const results = await withBackend(flags, (backend) =>
      reproduce(request, backend, workersFor(backend, flags.jobs)),
    );
    const shown = relative(process.cwd(), folder) || '.';
    if (flags.json) return printJson({ output: shown, ...results });
    const verdicts = results.verdicts.map(({ verdict, claim }) => `  ${verdict.padEnd(13)} ${claim}\n`);
    process.stdout.write(
      `Next-token accuracy on held-out text, % (${results.positions} positions, ${results.seeds.length} seeds):
  ${'method'.padEnd(44)}   easy  medium    hard average  length
${table(results)}
${verdicts.join('')}
  results  ${join(shown, 'results.json')}
  report   ${join(shown, 'report.html')}
`,
    );
  });
}
