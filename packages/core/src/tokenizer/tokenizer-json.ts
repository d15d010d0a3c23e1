import { z } from 'zod';
import { type MakeFileError, readJsonFile, readOptionalJsonFile } from '../files/read-json-file.js';
import { TokenizerError } from './tokenizer-error.js';

const id = z.number().int().nonnegative();
const merge = z.union([z.string(), z.tuple([z.string(), z.string()])]);
const component = z.looseObject({ type: z.string() }).nullish();

/** As much of `tokenizer.json` as is relied upon here; the library reads the rest. */
const tokenizerJson = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id, content: z.string().min(1), special: z.boolean().optional() }))
    .default([]),
  normalizer: component,
  pre_tokenizer: component,
  post_processor: component,
  decoder: component,
  model: z.looseObject({
    type: z.literal('BPE', { error: "expected 'BPE', the kind that Llama and Qwen models use" }),
    vocab: z.record(z.string(), id),
    merges: z.array(merge),
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
