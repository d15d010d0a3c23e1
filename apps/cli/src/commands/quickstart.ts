import { join, relative, resolve } from 'node:path';
import type { Accuracy } from '@midtrain/core';
import type { Command } from 'commander';
import { addBackendOptions, addJsonOption, type BackendFlags, wholeNumber } from '../options.js';
import { printJson } from '../print-json.js';
import { quickstart } from '../quickstart/quickstart.js';
import type { EvaluationResult } from '../report/evaluation-data.js';
import { withBackend } from '../with-backend.js';

interface QuickstartFlags extends BackendFlags {
  readonly output: string;
  readonly seed: number;
  readonly quick?: boolean;
  readonly json?: boolean;
}

const percent = ({ accuracy }: Accuracy): string => (100 * accuracy).toFixed(1).padStart(7);

const row = (label: string, { easy, medium, hard, average, meanLength }: EvaluationResult): string =>
  `  ${label.padEnd(28)}${[easy, medium, hard, average].map(percent).join(' ')} ${meanLength === 0 ? '      –' : meanLength.toFixed(1).padStart(7)}\n`;

/** `midtrain quickstart`: the whole path on GSM8K. */
export function addQuickstart(program: Command): void {
  const command = program
    .command('quickstart')
    .description('the whole path on GSM8K: a small base, mid-training, evaluation, a page')
    .option('--output <folder>', 'of the run; one that was stopped goes on', join('runs', 'quickstart'))
    .option('--seed <n>', 'decides the whole run', wholeNumber(0), 0)
    .option('--quick', 'in under a minute, only to see that all works');
  addJsonOption(addBackendOptions(command)).action(async (flags: QuickstartFlags) => {
    const folder = resolve(flags.output);
    const { seed, quick = false } = flags;
    const summary = await withBackend(flags, (backend) => quickstart({ folder, seed, quick }, backend));
    const shown = relative(process.cwd(), folder) || '.';
    if (flags.json) return printJson({ run: shown, ...summary });
    const { base, continued, rmt } = summary;
    process.stdout.write(
      `Next-token accuracy on held-out text, % (${base.withoutReasoning.average.n} positions):
  ${'method'.padEnd(28)}   easy  medium    hard average  length
${row('base', base.withoutReasoning)}${row('base, thinking', base.withReasoning)}${row('continued next-token training', continued.withoutReasoning)}${row('RMT', rmt.withoutReasoning)}${row('RMT, thinking', rmt.withReasoning)}
  model    ${join(shown, 'model')}
  report   ${join(shown, 'report.html')}
`,
    );
  });
}
