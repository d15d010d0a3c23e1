import { type ChatMessage, generate, readChatTemplate, renderChat, type Tokenizer } from '@midtrain/core';
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
  readonly chat?: boolean;
  readonly system?: string;
  readonly json?: boolean;
}

/** The prompt's tokens: as it stands, or as the user's turn in the model's own template. */
async function encodePrompt(
  directory: string,
  tokenizer: Tokenizer,
  flags: GenerateFlags,
): Promise<number[]> {
  if (!flags.chat) return tokenizer.encode(flags.prompt);
  const messages: ChatMessage[] = [{ role: 'user', content: flags.prompt }];
  if (flags.system !== undefined) messages.unshift({ role: 'system', content: flags.system });
  // The template writes the special tokens itself.
  return tokenizer.encode(await renderChat(await readChatTemplate(directory), messages), {
    addSpecialTokens: false,
  });
}

async function run(model: string, flags: GenerateFlags): Promise<void> {
  if (flags.system !== undefined && !flags.chat) {
    throw new UsageError('--system: is for conversations, expected --chat as well');
  }
  const { policy, tokenizer, tokenizerDirectory } = await openModel(model, flags.base);
  const promptTokenIds = await encodePrompt(tokenizerDirectory, tokenizer, flags);
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
    .option('--chat', "put the prompt into the model's own chat template, as the user's turn")
    .option('--system <text>', "with --chat: what the conversation's system turn says")
    .option('--max-new-tokens <n>', 'most new tokens', wholeNumber(1), 128)
    .option('--temperature <t>', '0 takes the most likely token', notNegative, 1)
    .option('--seed <n>', 'decides the draws', wholeNumber(0), 0);
  addJsonOption(addBackendOptions(addBaseOption(command))).action((model: string, flags: GenerateFlags) =>
    withBackend(flags, () => run(model, flags)),
  );
}
