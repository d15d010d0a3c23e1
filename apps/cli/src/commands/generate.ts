import { generate } from '@midtrain/core';
import type { Command } from 'commander';
import { UsageError } from '../cli-error.js';
import { openModel } from '../model/open-model.js';
import { textStream } from '../model/text-stream.js';
import {
  addBackendOptions,
  addBaseOption,
  addJsonOption,
  type BackendFlags,
  notNegative,
  wholeNumber,
} from '../options.js';
import { printJson } from '../print-json.js';
import { withBackend } from '../with-backend.js';

interface GenerateFlags extends BackendFlags {
  readonly base?: string;
  readonly prompt: string;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly json?: boolean;
}

async function run(model: string, flags: GenerateFlags): Promise<void> {
  const { policy, tokenizer } = await openModel(model, flags.base);
  const promptTokenIds = tokenizer.encode(flags.prompt);
  if (promptTokenIds.length === 0) throw new UsageError('--prompt: has no tokens, expected some text');
  const room = policy.config.maxPositions - promptTokenIds.length;
  if (room < 1) {
    throw new UsageError(
      `--prompt: has ${promptTokenIds.length} tokens, expected fewer than the model's context of ${policy.config.maxPositions}`,
    );
  }
  const tokenIds: number[] = [];
  const stream = textStream(tokenizer);
  const { temperature, seed } = flags;
  const maxNewTokens = Math.min(flags.maxNewTokens, room);
  for await (const id of generate(policy, { promptTokenIds, maxNewTokens, temperature, seed })) {
    tokenIds.push(id);
    const text = stream(id);
    if (!flags.json) process.stdout.write(text);
  }
  if (flags.json) await printJson({ tokenIds, text: tokenizer.decode(tokenIds) });
  else process.stdout.write('\n');
}

/** `midtrain generate`: continues a prompt, token by token. */
export function addGenerate(program: Command): void {
  const command = program
    .command('generate')
    .description('continue a prompt, token by token')
    .argument('<model>', 'Hugging Face model directory, or a PEFT adapter’s')
    .requiredOption('--prompt <text>', 'text to continue')
    .option('--max-new-tokens <n>', 'most new tokens', wholeNumber(1), 128)
    .option('--temperature <t>', '0 takes the most likely token', notNegative, 1)
    .option('--seed <n>', 'decides the draws', wholeNumber(0), 0);
  addJsonOption(addBackendOptions(addBaseOption(command))).action((model: string, flags: GenerateFlags) =>
    withBackend(flags, () => run(model, flags)),
  );
}
