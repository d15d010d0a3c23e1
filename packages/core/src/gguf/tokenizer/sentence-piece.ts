import { GgufError } from '../gguf-error.js';
import type { MetadataReader } from '../metadata.js';
import type { GgufVocabulary } from './vocabulary.js';

/** Characters of a token; the longest of Llama 2 has 16. */
const MAX_TOKEN_LENGTH = 512;

/**
 * SentencePiece joins the neighbours whose joint token has the highest score. As merges in order: all ways to make each
 * token of two, by falling score.
 */
function mergesOf(metadata: MetadataReader, vocabulary: GgufVocabulary): string[] {
  const scores = metadata.numbers('tokenizer.ggml.scores');
  const { tokens, idOf } = vocabulary;
  if (scores.length !== tokens.length) {
    throw new GgufError(
      `${metadata.file}: metadata tokenizer.ggml.scores has ${scores.length} entries, expected one for each of ${tokens.length} tokens`,
    );
  }
  const mergeable = new Set(vocabulary.mergeable);
  const idOfPart = (part: string): number | undefined => {
    const id = idOf.get(part);
    return id !== undefined && mergeable.has(id) ? id : undefined;
  };
  const merges: { readonly left: string; readonly right: string; readonly score: number }[] = [];
  for (const id of vocabulary.mergeable) {
    const characters = [...tokens[id]];
    if (characters.length > MAX_TOKEN_LENGTH) {
      throw new GgufError(
        `${metadata.file}: tokenizer.ggml.tokens: token ${id} has ${characters.length} characters, expected at most ${MAX_TOKEN_LENGTH}`,
      );
    }
    for (let at = 1; at < characters.length; at++) {
      const left = characters.slice(0, at).join('');
      const right = characters.slice(at).join('');
      if (idOfPart(left) === undefined || idOfPart(right) === undefined) continue;
      merges.push({ left, right, score: scores[id] });
    }
  }
  return merges.sort((a, b) => b.score - a.score).map(({ left, right }) => `${left} ${right}`);
}

/** The parts of `tokenizer.json` for a SentencePiece tokenizer with byte fallback, as of Llama 2. */
export function sentencePieceTokenizer(metadata: MetadataReader, vocabulary: GgufVocabulary) {
  const prefix = metadata.flag('tokenizer.ggml.add_space_prefix', true);
  const space = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  return {
    addsBos: true,
    normalizer: {
      type: 'Sequence',
      normalizers: prefix ? [{ type: 'Prepend', prepend: '▁' }, space] : [space],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      byte_fallback: true,
      fuse_unk: true,
      ignore_merges: false,
      unk_token: vocabulary.unknown ?? null,
      vocab: Object.fromEntries(vocabulary.idOf),
      merges: mergesOf(metadata, vocabulary),
    },
  };
}
