import { disposePolicy, mergeLora, savePolicy } from '@midtrain/core';
import type { Command } from 'commander';
import { UsageError } from '../cli-error.js';
import { openModel } from '../model/open-model.js';
import { addBackendOptions, addBaseOption, addJsonOption, type BackendFlags } from '../options.js';
import { printJson } from '../print-json.js';
import { withBackend } from '../with-backend.js';

interface MergeFlags extends BackendFlags {
  readonly out: string;
  readonly base?: string;
  readonly json?: boolean;
}

async function run(directory: string, { out, base, json }: MergeFlags): Promise<void> {
  const { policy, tokenizerDirectory } = await openModel(directory, base);
  if (!policy.lora) throw new UsageError(`${directory}: holds no adapter, expected adapter_config.json`);
  const merged = mergeLora(policy);
  await savePolicy(merged, out, { tokenizerDirectory });
  disposePolicy(merged);
  if (json) await printJson({ model: out });
  else process.stdout.write(`${out}: the model with the adapter merged in\n`);
}

/** `midtrain merge`: an adapter and its base as one model. */
export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .description('merge a PEFT adapter into its base model')
    .argument('<adapter>', 'PEFT adapter directory')
    .requiredOption('--out <directory>', 'where the merged model goes');
  addJsonOption(addBackendOptions(addBaseOption(command))).action((directory: string, flags: MergeFlags) =>
    withBackend(flags, () => run(directory, flags)),
  );
}
