import { GPT2_WORDS } from './known-patterns.js';

/** A step of `tokenizer.json`'s `pre_tokenizer`. */
export interface PreTokenizerJson {
  readonly type: string;
  readonly [setting: string]: unknown;
}

const splitBy = (regex: string): PreTokenizerJson => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});

/**
 * Says the same in steps that the library takes exactly. It reads digits and white space as JavaScript's `\d` and `\s`
 * in some steps, where the reference (Rust `tokenizers`) has Unicode's: `²` and `½` are digits to it, U+0085 is white
 * space and U+FEFF is not. Regular expressions of `Split` steps the library does translate.
 */
export function exactPreTokenizer(step: PreTokenizerJson): PreTokenizerJson {
  if (step.type === 'Sequence' && Array.isArray(step.pretokenizers)) {
    return { ...step, pretokenizers: step.pretokenizers.map(exactPreTokenizer) };
  }
  if (step.type === 'Digits') return splitBy(step.individual_digits === true ? '\\p{N}' : '\\p{N}+');
  // With a prefix space the split would come before it instead of after: left to the library.
  if (step.type === 'ByteLevel' && step.use_regex !== false && step.add_prefix_space === false) {
    return { type: 'Sequence', pretokenizers: [splitBy(GPT2_WORDS), { ...step, use_regex: false }] };
  }
  return step;
}
