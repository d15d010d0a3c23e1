import { type Command, InvalidArgumentError, Option } from 'commander';

/** A reader of a whole-number argument. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`expected a whole number ≥ ${least}.`);
  };
}

/** A reader of a number that is not negative. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('expected a number ≥ 0.');
}

/** Where a command computes. */
export interface BackendFlags {
  readonly backend?: 'auto' | 'tensorflow' | 'webgpu' | 'wasm';
  readonly threads?: number;
}

/** Adds `--backend` and `--threads`. */
export function addBackendOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--backend <name>', 'where to compute').choices(['auto', 'tensorflow', 'webgpu', 'wasm']),
    )
    .option('--threads <n>', 'CPU threads (default: all)', wholeNumber(1));
}

/** Adds `--base`. */
export function addBaseOption(command: Command): Command {
  return command.option(
    '--base <directory>',
    'base model of an adapter (default: the one that the adapter names)',
  );
}

/** Adds `--json`. */
export function addJsonOption(command: Command): Command {
  return command.option('--json', 'print one JSON object on stdout');
}
