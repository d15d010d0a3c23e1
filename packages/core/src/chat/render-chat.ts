import { type ExecFileException, execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { ChatTemplateError } from './chat-template-error.js';
import type { ChatTemplate } from './read-chat-template.js';

/** A turn of a conversation. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface RenderChatOptions {
  /** Whether the text ends where the assistant's answer begins. Default true. */
  readonly addGenerationPrompt?: boolean;
  /** After which rendering is given up, milliseconds. Default 10000. */
  readonly timeLimit?: number;
}

const TIME_LIMIT_MS = 10_000;
/** Of the template's own memory. */
const MEMORY_LIMIT_MB = 128;
const MAX_OUTPUT_BYTES = 1 << 24;

/**
 * Runs in a process of its own: a template is a program that came with the model, and may loop or fill the memory, which
 * would end a thread's process too.
 */
const RENDER = `
const { library, source, values } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
let answer;
try {
  const { Template } = require(library);
  answer = { text: new Template(source).render(values) };
} catch (error) {
  answer = { problem: String(error && error.message).slice(0, 300).replace(/\\s+/g, ' ') };
}
process.stdout.write(JSON.stringify(answer));
`;

/** What is wrong, in the words of the template or of the limits. */
function problemOf(error: ExecFileException, timeLimit: number): string {
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return `it renders more than ${MAX_OUTPUT_BYTES} bytes`;
  if (error.killed) return `it takes more than ${timeLimit} ms`;
  if (error.signal === 'SIGABRT' || error.code === 134) return `it takes more than ${MEMORY_LIMIT_MB} MB`;
  return error.message.split('\n')[0];
}

/**
 * Writes a conversation as the text that the model was trained on, by its own template.
 *
 * @throws ChatTemplateError where the template is broken, refuses the conversation (with the template's own words), or
 *   takes more than its time and memory
 */
export async function renderChat(
  template: ChatTemplate,
  messages: readonly ChatMessage[],
  options: RenderChatOptions = {},
): Promise<string> {
  const { addGenerationPrompt = true, timeLimit = TIME_LIMIT_MS } = options;
  const require = createRequire(import.meta.url);
  const input = JSON.stringify({
    library: require.resolve('@huggingface/jinja'),
    source: template.source,
    values: { ...template.tokens, messages, add_generation_prompt: addGenerationPrompt },
  });
  const output = await new Promise<string>((done, fail) => {
    const child = execFile(
      process.execPath,
      [`--max-old-space-size=${MEMORY_LIMIT_MB}`, '--eval', RENDER],
      {
        timeout: timeLimit,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        env: { ...process.env, NODE_OPTIONS: '' },
      },
      (error, stdout) => (error ? fail(refusal(template, problemOf(error, timeLimit), error)) : done(stdout)),
    );
    // A process that ends before it has read all says why in the callback.
    child.stdin?.on('error', () => {}).end(input);
  });
  const { text, problem }: { readonly text?: string; readonly problem?: string } = JSON.parse(output);
  if (text === undefined) throw refusal(template, String(problem));
  return text;
}

const refusal = (template: ChatTemplate, problem: string, cause?: unknown) =>
  new ChatTemplateError(`${template.file}: the chat template cannot be rendered: ${problem}`, { cause });
