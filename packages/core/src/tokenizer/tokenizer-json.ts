import { z } from 'zod';
import type { MakeFileError } from '../files/input-file-error.js';
import { readJsonFile, readOptionalJsonFile } from '../files/read-json-file.js';
import { TokenizerError } from './tokenizer-error.js';

/** Bounds of ours, above every published tokenizer's. */
const MAX_ENTRIES = 2_000_000;
const MAX_ADDED = 65_536;
const MAX_ADDED_CHARACTERS = 1024;

const id = z.number().int().nonnegative().max(0x7fffffff);
const isId = (value: unknown) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0x7fffffff;
/** Checked by hand: a record's schema copies all entries, and drops a token called `__proto__`. */
const vocabulary = z
  .custom<Record<string, number>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected an object of tokens and their ids',
  )
  .superRefine((value, context) => {
    const entries = Object.entries(value);
    if (entries.length > MAX_ENTRIES) {
      context.addIssue(`has ${entries.length} tokens, expected at most ${MAX_ENTRIES}`);
      return;
    }
    const wrong = entries.find(([, tokenId]) => !isId(tokenId));
    if (wrong) {
      const message = `is ${JSON.stringify(wrong[1])}, expected an id from 0 on`;
      context.addIssue({ code: 'custom', path: [wrong[0]], message });
    }
  });
const merge = z.union([z.string(), z.tuple([z.string(), z.string()])]);
const component = z.looseObject({ type: z.string() }).nullish();

/** As much of `tokenizer.json` as is relied upon here; the library reads the rest. */
const tokenizerJson = z.looseObject({
  added_tokens: z
    .array(
      z.looseObject({
        id,
        content: z.string().min(1).max(MAX_ADDED_CHARACTERS),
        special: z.boolean().optional(),
      }),
    )
    .max(MAX_ADDED)
    .default([]),
  normalizer: component,
  pre_tokenizer: component,
  post_processor: component,
  decoder: component,
  model: z.looseObject({
    type: z.literal('BPE', { error: "expected 'BPE', the kind that Llama and Qwen models use" }),
    vocab: vocabulary,
    merges: z.array(merge).max(MAX_ENTRIES),
  }),
});

const namedToken = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform((token) => token.content),
]);

const tokenizerConfigJson = z.looseObject({
  bos_token: namedToken.nullish(),
  eos_token: namedToken.nullish(),
  pad_token: namedToken.nullish(),
});

export type TokenizerJson = z.infer<typeof tokenizerJson>;
export type TokenizerConfigJson = z.infer<typeof tokenizerConfigJson>;

const makeError: MakeFileError = (message, options) => new TokenizerError(message, options);

/** Reads and checks `tokenizer.json`. @throws TokenizerError where it is missing or not a BPE tokenizer */
export function readTokenizerJson(file: string): Promise<TokenizerJson> {
  return readJsonFile(file, tokenizerJson, makeError);
}

/** Reads `tokenizer_config.json`, or `special_tokens_map.json`, if it is there. @throws TokenizerError where broken */
export async function readTokenizerConfig(file: string): Promise<TokenizerConfigJson> {
  return (await readOptionalJsonFile(file, tokenizerConfigJson, makeError)) ?? {};
}
