import { setupTensorflow, type TfjsNodePackage } from '@midtrain/kernels';
import { type Command, Option } from 'commander';
import { addJsonOption } from '../options.js';
import { printJson } from '../print-json.js';

interface SetupFlags {
  readonly cuda?: boolean;
  readonly package?: TfjsNodePackage;
  readonly json?: boolean;
}

/** `midtrain setup tensorflow`: brings libtensorflow under tfjs, for this user. */
export function addSetup(program: Command): void {
  const setup = program.command('setup').description('bring what a backend needs onto this machine');
  const command = setup
    .command('tensorflow')
    .description('a current TensorFlow out of its Python wheel, for --backend tensorflow (Linux x64)')
    .option('--cuda', 'with CUDA and its libraries, 5.3 GB instead of 0.9')
    .addOption(
      new Option(
        '--package <name>',
        'the npm package that binds it (default: node, with --cuda node-gpu)',
      ).choices(['node', 'node-gpu']),
    );
  addJsonOption(command).action(async ({ json, ...flags }: SetupFlags) => {
    const made = await setupTensorflow({
      ...flags,
      report: (line) => process.stderr.write(`setup tensorflow: ${line}\n`),
    });
    if (json) return printJson(made);
    const what = made.existed ? 'is set up already and intact' : 'is set up';
    process.stdout.write(
      `TensorFlow ${made.version} ${what}: ${made.folder}\n  computes on  ${made.devices.join(', ')}\n  use it with  --backend tensorflow (auto takes it now)\n`,
    );
  });
}
