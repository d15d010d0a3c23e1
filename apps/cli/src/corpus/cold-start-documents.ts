import { budgetInstruction } from '@midtrain/budget';
import { type PretrainingDocument, ThoughtFormatError, type Tokenizer, thoughtFormat } from '@midtrain/core';
import { seededRandom } from '@midtrain/curriculum';
import { ConfigError } from '../cli-error.js';
import type { PretrainConfig } from '../config/pretrain-config.js';
import { tokenStarts, withThoughts } from '../quickstart/cold-start.js';
import { tokensBefore } from './first-candidate.js';
import { type LoadedDocument, loadDocuments } from './load-documents.js';

export interface ColdStartDocumentsOptions {
  readonly config: PretrainConfig & { readonly coldStart: NonNullable<PretrainConfig['coldStart']> };
  readonly configFile: string;
  readonly tokenizer: Tokenizer;
  /** Longest sequence of the model, tokens. */
  readonly maxPositions: number;
}

/** What the corpus's `remove` took out, by the position of the token that came after it. */
function removedBefore({ source }: LoadedDocument, tokenizer: Tokenizer): Map<number, string> {
  const { text, tokenIds, removed = [] } = source;
  const before = tokensBefore(text, tokenIds, tokenizer);
  const starts = tokenStarts(tokenIds.subarray(before), tokenizer);
  return new Map(
    removed.flatMap(({ at, text: piece }) => {
      const start = starts.get(Buffer.byteLength(text.slice(0, at)));
      return start === undefined ? [] : [[before + start, piece] as const];
    }),
  );
}

function formatOf({ config, configFile, tokenizer }: ColdStartDocumentsOptions) {
  const { template, ...marks } = config.coldStart.instruction;
  try {
    return thoughtFormat({ tokenizer, instruction: budgetInstruction({ template }), ...marks });
  } catch (cause) {
    const field = cause instanceof ThoughtFormatError ? 'instruction' : 'instruction.template';
    throw new ConfigError(`${configFile}: coldStart.${field}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The training documents of a configuration with a cold start: a share of them carries examples of thoughts.
 *
 * @throws ConfigError naming file and field
 */
export async function coldStartDocuments(
  options: ColdStartDocumentsOptions,
): Promise<readonly PretrainingDocument[]> {
  const { config, configFile, tokenizer, maxPositions } = options;
  const { coldStart, corpus, seed } = config;
  const format = formatOf(options);
  const { budgets, draftTokens, overthought } = coldStart;
  const longest = Math.max(draftTokens[1], overthought.share > 0 ? overthought.tokens[1] : 0);
  // Before a removed piece the thought is as long as that is.
  const roomTokens = maxPositions - format.instruction(budgets[1]).length - longest - 2;
  if (roomTokens < 2) {
    throw new ConfigError(
      `${configFile}: coldStart: leaves no room for a document in the model's context of ${maxPositions} tokens; shorten its drafts`,
    );
  }
  const { training } = await loadDocuments({ corpus, tokenizer, roomTokens, seed, configFile });
  const random = seededRandom(seed, 'cold start');
  return training.map(({ source, ...document }) =>
    random.next() >= coldStart.share
      ? document
      : withThoughts(document, removedBefore({ source, ...document }, tokenizer), {
          ...coldStart,
          tokenizer,
          format,
          random,
        }),
  );
}
