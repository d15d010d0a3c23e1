import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConvertGgufOptions, convertGguf } from '@midtrain/core';
import { type Command, Option } from 'commander';
import { UsageError } from '../cli-error.js';
import { addJsonOption } from '../options.js';
import { printJson } from '../print-json.js';
import { type Progress, showProgress } from '../progress/progress.js';

interface ConvertFlags {
  readonly out: string;
  readonly dtype: 'float32' | 'bfloat16';
  readonly json?: boolean;
}

const DTYPES: Readonly<Record<ConvertFlags['dtype'], ConvertGgufOptions['dtype']>> = {
  float32: 'F32',
  bfloat16: 'BF16',
};

async function run(file: string, { out, dtype, json }: ConvertFlags): Promise<void> {
  const taken = await access(join(out, 'config.json')).then(
    () => true,
    () => false,
  );
  if (taken) throw new UsageError(`--out: ${out} holds a model already, expected a new or empty folder`);
  let progress: Progress | undefined;
  const { config, parameters, types } = await convertGguf(file, out, {
    dtype: DTYPES[dtype],
    onProgress(done, total) {
      progress ??= showProgress({ label: 'tensors', total });
      progress.update(done);
    },
  }).finally(() => progress?.stop());
  if (json) return printJson({ model: out, family: config.family, parameters, dtype, types });
  const stored = Object.entries(types).map(([type, count]) => `${count} ${type}`);
  process.stdout.write(
    `${out}: a ${config.family} model of ${parameters} parameters in ${dtype} (from tensors in ${stored.join(', ')})\n`,
  );
}

/** `midtrain convert`: a GGUF file to a model directory. */
export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .description('turn a GGUF file into a Hugging Face model directory')
    .argument('<file>', '.gguf of a Llama, Qwen2 or Qwen3 model')
    .requiredOption('--out <folder>', 'where the model goes')
    .addOption(
      new Option(
        '--dtype <type>',
        'of the weights: float32 keeps their values, bfloat16 rounds them to half the size',
      )
        .choices(['float32', 'bfloat16'])
        .default('float32'),
    );
  addJsonOption(command).action(run);
}
