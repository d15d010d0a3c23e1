import type { Command } from 'commander';
import { addJsonOption } from '../options.js';
import { printJson } from '../print-json.js';

/** `midtrain report`: one page on one or several runs. */
export function addReport(program: Command): void {
  const command = program
    .command('report')
    .description('one self-contained HTML page on a run, or comparing several')
    .argument('<run...>', 'run folders')
    .option('--out <file>', 'default: report.html in the first run’s folder');
  addJsonOption(command).action(
    async (runs: readonly string[], { out, json }: { readonly out?: string; readonly json?: boolean }) => {
      const { reportFileOf, writeReport } = await import('../report/write-report.js');
      const file = out ?? reportFileOf(runs[0]);
      await writeReport(runs, file);
      if (json) await printJson({ report: file, runs });
      else process.stdout.write(`${file}\n`);
    },
  );
}
