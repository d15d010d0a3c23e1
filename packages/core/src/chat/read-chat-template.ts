import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openInputFile, readExactly } from '../files/open-input-file.js';
import { readOptionalJsonFile } from '../files/read-json-file.js';
import { ChatTemplateError } from './chat-template-error.js';

/** Far above any published template. */
const MAX_TEMPLATE_BYTES = 1 << 20;

const makeError = (message: string, options?: ErrorOptions) => new ChatTemplateError(message, options);

const namedTemplate = z.looseObject({ name: z.string(), template: z.string() });
const namedToken = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform((token) => token.content),
]);
const tokenizerConfigJson = z.looseObject({
  chat_template: z.union([z.string(), z.array(namedTemplate)]).nullish(),
  bos_token: namedToken.nullish(),
  eos_token: namedToken.nullish(),
  pad_token: namedToken.nullish(),
  unk_token: namedToken.nullish(),
});

/** A model's own way to write a conversation as text. */
export interface ChatTemplate {
  /** Where it was found. */
  readonly file: string;
  /** Jinja, as transformers' `apply_chat_template` reads it. */
  readonly source: string;
  /** Names that templates use: `bos_token`, `eos_token`, `pad_token`, `unk_token`. */
  readonly tokens: Readonly<Record<string, string>>;
}

async function readTemplateFile(file: string): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    handle = await openInputFile(file, makeError);
  } catch (error) {
    if (((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    if (size > MAX_TEMPLATE_BYTES) {
      throw new ChatTemplateError(`${file}: has ${size} bytes, expected at most ${MAX_TEMPLATE_BYTES}`);
    }
    return new TextDecoder().decode(await readExactly(file, handle, new Uint8Array(size), 0, makeError));
  } finally {
    await handle.close();
  }
}

/**
 * Finds a model directory's chat template: `chat_template.jinja`, or `chat_template` in `tokenizer_config.json` (of
 * several the one called `default`).
 *
 * @throws ChatTemplateError where there is none
 */
export async function readChatTemplate(directory: string): Promise<ChatTemplate> {
  const own = join(directory, 'chat_template.jinja');
  const configFile = join(directory, 'tokenizer_config.json');
  const source = await readTemplateFile(own);
  const { chat_template, ...named } =
    (await readOptionalJsonFile(configFile, tokenizerConfigJson, makeError)) ?? {};
  const tokens: Record<string, string> = {};
  for (const role of ['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const) {
    const token = named[role];
    if (token) tokens[role] = token;
  }
  if (source !== undefined) return { file: own, source, tokens };
  const inConfig = Array.isArray(chat_template)
    ? chat_template.find(({ name }) => name === 'default')?.template
    : chat_template;
  if (inConfig !== undefined && inConfig !== null && inConfig.length <= MAX_TEMPLATE_BYTES) {
    return { file: configFile, source: inConfig, tokens };
  }
  throw new ChatTemplateError(
    `${directory}: has no chat template in chat_template.jinja or tokenizer_config.json; give the prompt without --chat`,
  );
}
