import { join, relative } from 'node:path';
import type { SelectedBackend } from '@midtrain/kernels';
import type { Command } from 'commander';
import type { z } from 'zod';
import { addBackendOptions, addJsonOption, type BackendFlags } from '../options.js';
import { printJson } from '../print-json.js';
import type { RunSummary } from '../run/finish-run.js';
import { type OpenedRun, openRun } from '../run/open-run.js';
import { withBackend } from '../with-backend.js';

interface RunFlags extends BackendFlags {
  readonly resume?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

type RunConfig = { readonly output: string } & BackendFlags;

export interface RunCommandOptions<Schema extends z.ZodType<RunConfig>> {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly run: (run: OpenedRun<z.infer<Schema>>, backend: SelectedBackend) => Promise<RunSummary>;
  /** Further lines of what the run came to, for people. */
  readonly results?: (summary: RunSummary) => readonly string[];
}

/** Adds a command that takes a configuration and leaves a run folder. */
export function addRunCommand<Schema extends z.ZodType<RunConfig>>(
  program: Command,
  { name, description, schema, run, results = () => [] }: RunCommandOptions<Schema>,
): void {
  const command = program
    .command(name)
    .description(description)
    .argument('[config]', 'YAML configuration')
    .argument('[key=value...]', 'fields to set otherwise, as steps=10 or budget.initialTokens=32')
    .option('--resume <run>', 'go on with a run from its newest checkpoint')
    .option(
      '--profile <file>',
      'write a trace of the first three steps, kernel by kernel, which Chrome and Perfetto open',
    );
  addJsonOption(addBackendOptions(command)).action(
    async (config: string | undefined, overrides: readonly string[], flags: RunFlags) => {
      const { resume, profile } = flags;
      const opened = { ...(await openRun({ config, overrides, resume }, schema)), profile };
      const { backend = opened.config.backend, threads = opened.config.threads } = flags;
      const summary = await withBackend({ backend, threads }, (selected) => run(opened, selected));
      const folder = relative(process.cwd(), opened.folder) || '.';
      if (flags.json) return printJson({ run: folder, model: join(folder, 'model'), ...summary });
      const lines = [
        `${folder}: ${summary.steps} steps done`,
        ...results(summary),
        `model    ${join(folder, 'model')}`,
        `report   ${join(folder, 'report.html')}`,
      ];
      process.stdout.write(`${lines.join('\n  ')}\n`);
    },
  );
}
