import { z } from 'zod';
import { section, wholeNumber } from './section.js';

/** A regular expression, with a flag of its own for a mistake in it. */
const pattern = z.string().refine(
  (text) => {
    try {
      new RegExp(text, 'gu');
      return true;
    } catch {
      return false;
    }
  },
  { error: ({ input }) => `is ${JSON.stringify(input)}, expected a regular expression` },
);

/** Where the texts come from. */
export const corpusConfig = section({
  files: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)], 'expected a file or a list of files')
    .describe('.txt, .jsonl or .parquet, each also compressed with gzip; relative to this file.'),
  field: z.string().min(1).optional().describe('Field of a record that is its text. Default text.'),
  template: z.string().min(1).optional().describe('Makes the text of a record, as "{question}\\n{answer}".'),
  remove: pattern.optional().describe('What matches this regular expression is left out of the texts.'),
  heldOut: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('Share of the documents kept from training, for evaluation.'),
  maxTokens: wholeNumber(2)
    .optional()
    .describe('Longest document, tokens. Default what the model’s context leaves.'),
  overlong: z
    .enum(['error', 'skip', 'truncate'])
    .default('error')
    .describe('What happens to longer documents.'),
  textUnit: z
    .enum(['file', 'paragraph'])
    .optional()
    .describe('What a document of a .txt file is. Default file; paragraph: a part between blank lines.'),
  appendEos: z.boolean().default(false).describe('End each document with the tokenizer’s end-of-text token.'),
  candidatesAfter: z
    .string()
    .min(1)
    .optional()
    .describe('Think only at tokens after the first occurrence of this text. Default: anywhere.'),
}).refine(({ field, template }) => field === undefined || template === undefined, {
  path: ['template'],
  message: 'given together with field, expected one of the two',
});
