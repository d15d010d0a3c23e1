import {
  collectCorpus,
  openCorpus,
  splitCorpus,
  type TokenizedDocument,
  type Tokenizer,
  type TrainingDocument,
  tokenizeCorpus,
} from '@midtrain/core';
import type { z } from 'zod';
import { ConfigError } from '../cli-error.js';
import type { corpusConfig } from '../config/corpus-config.js';
import { firstCandidateAfter } from './first-candidate.js';

/** The configuration's section on the corpus, with absolute paths. */
type CorpusConfig = z.infer<typeof corpusConfig>;

export interface LoadDocumentsOptions {
  readonly corpus: CorpusConfig;
  readonly tokenizer: Tokenizer;
  /** Longest document that the model's context leaves room for, in tokens. */
  readonly roomTokens: number;
  /** Decides which documents are held out. */
  readonly seed: number;
  /** For errors. */
  readonly configFile: string;
}

/** A document, and the text it was made of. */
export interface LoadedDocument extends TrainingDocument {
  readonly source: TokenizedDocument;
}

/** Reads a corpus: `loadDocuments`, or one that remembers. */
export type DocumentLoader = (options: LoadDocumentsOptions) => Promise<LoadedDocuments>;

/** A corpus's documents, in the order of its files. */
export interface LoadedDocuments {
  readonly training: readonly LoadedDocument[];
  readonly heldOut: readonly LoadedDocument[];
  /** Documents cut or left out for their length. */
  readonly overlong: number;
}

/**
 * Reads, splits and tokenises a corpus.
 *
 * @throws ConfigError where maxTokens is more than the context leaves; CorpusError naming file and line
 */
export async function loadDocuments(options: LoadDocumentsOptions): Promise<LoadedDocuments> {
  const { corpus, tokenizer, roomTokens, seed, configFile } = options;
  const { files, field, template, remove, textUnit, heldOut, overlong, appendEos, candidatesAfter } = corpus;
  const { maxTokens = roomTokens } = corpus;
  if (maxTokens > roomTokens) {
    throw new ConfigError(
      `${configFile}: corpus.maxTokens: is ${maxTokens}, expected at most ${roomTokens}, which the model's context leaves beside instruction, thought and prediction`,
    );
  }
  const texts = openCorpus({
    files: typeof files === 'string' ? [files] : files,
    field,
    template,
    removePattern: remove,
    textUnit,
  });
  const parts = splitCorpus(texts, { heldOut, seed });
  let tooLong = 0;
  const onOverlong = () => {
    tooLong++;
  };
  const document = (source: TokenizedDocument): LoadedDocument => ({
    id: source.id,
    tokenIds: source.tokenIds,
    firstCandidate:
      candidatesAfter === undefined
        ? undefined
        : firstCandidateAfter(candidatesAfter, source.text, source.tokenIds, tokenizer),
    source,
  });
  const tokens = async (part: typeof parts.training) =>
    (
      await collectCorpus(tokenizeCorpus(part, tokenizer, { maxTokens, overlong, appendEos, onOverlong }))
    ).map(document);
  const training = (await tokens(parts.training)).filter(({ tokenIds }) => tokenIds.length >= 2);
  if (training.length === 0) {
    throw new ConfigError(
      `${configFile}: corpus.files: no document of 2 to ${maxTokens} tokens to train on; give more, or longer, texts`,
    );
  }
  return { training, heldOut: heldOut > 0 ? await tokens(parts.heldOut) : [], overlong: tooLong };
}
