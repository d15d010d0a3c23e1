import { readChatTemplate, renderChat, type Tokenizer } from '@midtrain/core';
import { ConfigError } from '../cli-error.js';
import { promptTemplate } from '../evaluate/prompt-template.js';

export interface QuestionPromptOptions {
  /** With `{question}`; default asks for steps and a `\boxed{}` answer. */
  readonly prompt?: string;
  /** Whether the prompt is the user's turn in the model's own chat template. */
  readonly chat: boolean;
  readonly tokenizer: Pick<Tokenizer, 'encode'>;
  /** Where the chat template is looked for. */
  readonly tokenizerDirectory: string;
  /** For errors. */
  readonly configFile: string;
}

const PLACE = '{question}';

/**
 * Makes a question's prompt, in tokens.
 *
 * @throws ChatTemplateError where the model has no chat template; ConfigError where it leaves the question out
 */
export async function questionPrompt(
  options: QuestionPromptOptions,
): Promise<(question: string) => number[]> {
  const { prompt, chat, tokenizer, tokenizerDirectory, configFile } = options;
  const fill = await promptTemplate(prompt);
  if (!chat) return (question) => tokenizer.encode(fill(question));
  // Rendered once, since it takes a process of its own; the questions are put in afterwards.
  const turn = await renderChat(await readChatTemplate(tokenizerDirectory), [
    { role: 'user', content: fill(PLACE) },
  ]);
  if (!turn.includes(PLACE)) {
    throw new ConfigError(
      `${configFile}: questions.chat: the chat template in ${tokenizerDirectory} leaves the user's turn out; set it to false`,
    );
  }
  // The template writes the special tokens itself.
  return (question) =>
    tokenizer.encode(
      turn.replaceAll(PLACE, () => question),
      { addSpecialTokens: false },
    );
}
