/** What GPT-2 splits by, and the byte-level step with `use_regex`. */
export const GPT2_WORDS =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** The words of Llama 3 and Qwen2, which differ in how many digits stay together. */
const words = (digits: string) =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

export const LLAMA3_WORDS = words('\\p{N}{1,3}');
export const QWEN2_WORDS = words('\\p{N}');

/** Patterns that are known to take time in proportion to the text, but for its longest run of white space. */
export const KNOWN_PATTERNS: ReadonlySet<string> = new Set([
  GPT2_WORDS,
  LLAMA3_WORDS,
  QWEN2_WORDS,
  '\\p{N}',
  '\\p{N}+',
  '\\p{N}{1,3}',
]);
