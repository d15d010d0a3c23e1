import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../cli-error.js';
import { pullRepository } from '../hub/pull-repository.js';
import { addJsonOption } from '../options.js';
import { printJson } from '../print-json.js';
import { type Progress, showProgress } from '../progress/progress.js';

const MEGABYTE = 1e6;

interface PullFlags {
  readonly out?: string;
  readonly revision: string;
  readonly endpoint?: string;
  readonly file?: string;
  readonly json?: boolean;
}

function checkedEndpoint(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new UsageError(
    `--endpoint: is ${JSON.stringify(text)}, expected an address that starts with http:// or https://`,
  );
}

async function run(repository: string, flags: PullFlags): Promise<void> {
  if (!/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(repository)) {
    throw new UsageError(`repository: is ${JSON.stringify(repository)}, expected organisation/name`);
  }
  const folder = flags.out ?? join('models', repository.split('/')[1]);
  let progress: Progress | undefined;
  const files = await pullRepository({
    repository,
    folder,
    revision: flags.revision,
    endpoint: checkedEndpoint(flags.endpoint ?? (process.env.HF_ENDPOINT || undefined)),
    gguf: flags.file,
    accessToken: process.env.HF_TOKEN || undefined,
    onProgress(bytes, total) {
      progress ??= showProgress({ label: 'MB', total: Math.max(1, Math.ceil(total / MEGABYTE)) });
      progress.update(
        bytes === total ? Math.max(1, Math.ceil(total / MEGABYTE)) : Math.floor(bytes / MEGABYTE),
      );
    },
  }).finally(() => progress?.stop());
  if (flags.json) return printJson({ model: folder, files });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  process.stdout.write(`${folder}: ${files.length} files, ${(bytes / MEGABYTE).toFixed(1)} MB\n`);
  const gguf = files.find(({ path }) => path.endsWith('.gguf'));
  if (gguf) {
    const file = join(folder, gguf.path.split('/').at(-1) as string);
    process.stdout.write(`  midtrain convert ${file} --out FOLDER makes a model directory of it\n`);
  }
}

/** `midtrain pull`: a model from the Hugging Face hub. */
export function addPull(program: Command): void {
  const command = program
    .command('pull')
    .description('fetch a model from the Hugging Face hub; run again, it goes on where it stopped')
    .argument('<repository>', 'as organisation/name')
    .option('--out <folder>', 'where the files go (default: models/NAME)')
    .option('--revision <name>', 'branch, tag or commit', 'main')
    .option('--file <path>', 'a .gguf of the repository instead of its safetensors')
    .option('--endpoint <url>', 'address of another hub (default: HF_ENDPOINT)');
  addJsonOption(command).action(run);
}
