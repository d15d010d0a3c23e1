import { z } from 'zod';
import { BENCHMARK_FORMATS } from './benchmark-formats.js';
import { section, wholeNumber } from './section.js';

const files = z.union(
  [z.string().min(1), z.array(z.string().min(1)).min(1)],
  'expected a file or a list of files',
);

/** The questions that are asked. */
export const questionsConfig = section({
  benchmark: z
    .enum(BENCHMARK_FORMATS)
    .default('gsm8k')
    .describe('Format of the files; own: JSONL of one’s own, with a question and its gold answer a line.'),
  files: files
    .optional()
    .describe('.jsonl, also .jsonl.gz; relative to this file. Default for gsm8k: its training set.'),
  question: z
    .string()
    .min(1)
    .optional()
    .describe('Field of own that is the question. Default question, problem or prompt.'),
  gold: z
    .string()
    .min(1)
    .optional()
    .describe('Field of own that is the right answer. Default gold, answer or final_answer.'),
  prompt: z
    .string()
    .includes('{question}', 'expected a text with {question}')
    .optional()
    .describe('With {question}. Default: asks for steps and a \\boxed{} answer.'),
  chat: z
    .boolean()
    .default(false)
    .describe('Put the prompt, as the user’s turn, into the model’s own chat template. Default false.'),
  limit: wholeNumber(1).optional().describe('Only the first so many questions. Default: all.'),
  overlong: z
    .enum(['error', 'skip'])
    .default('error')
    .describe('What happens to questions that leave no room for the longest completion in the context.'),
})
  .refine(({ benchmark, files: given }) => benchmark === 'gsm8k' || given !== undefined, {
    path: ['files'],
    message: 'expected the files of this benchmark; only gsm8k comes along',
  })
  .refine(
    ({ benchmark, question, gold }) => benchmark === 'own' || (question === undefined && gold === undefined),
    { path: ['benchmark'], message: 'expected own, where question or gold names a field' },
  );

/** The held-out questions asked before and after. */
export const evaluationConfig = section({
  files: files
    .optional()
    .describe('Held-out questions, of the same format. Default for gsm8k without files: its test set.'),
  limit: wholeNumber(0)
    .default(200)
    .describe('Only the first so many; 0 asks none. Without any questions nothing is evaluated.'),
  temperature: z.number().min(0).default(0).describe('0 takes the most likely token.'),
});
