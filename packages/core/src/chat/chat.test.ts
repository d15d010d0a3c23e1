import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChatTemplateError } from './chat-template-error.js';
import { type ChatTemplate, readChatTemplate } from './read-chat-template.js';
import { renderChat } from './render-chat.js';

const template = (source: string): ChatTemplate => ({
  file: 'model/tokenizer_config.json',
  source,
  tokens: { bos_token: '<s>' },
});

/** SmolLM2-Instruct's (Apache-2.0). */
const SMOLLM2 = `{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system
You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>
' }}{% endif %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}`;

describe('a chat template', { timeout: 60_000 }, () => {
  it('renders as transformers does', async () => {
    // By apply_chat_template of transformers 5.23.
    const expected =
      '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n';
    expect(await renderChat(template(SMOLLM2), [{ role: 'user', content: 'Hi' }])).toBe(expected);
  });

  it('knows the special tokens and whether an answer follows', async () => {
    const source = '{{ bos_token }}{% if add_generation_prompt %}?{% else %}.{% endif %}';
    expect(await renderChat(template(source), [])).toBe('<s>?');
    expect(await renderChat(template(source), [], { addGenerationPrompt: false })).toBe('<s>.');
  });

  it.each<[name: string, source: string, says: RegExp, timeLimit?: number]>([
    [
      'a broken one',
      '{% for x in %}',
      /model\/tokenizer_config\.json: the chat template cannot be rendered: /,
    ],
    ['its own refusal', "{{ raise_exception('only one system message') }}", /only one system message/],
    [
      'a loop without end',
      '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}',
      /takes more than 1500 ms/,
      1500,
    ],
    [
      'a list of a billion',
      '{% for i in range(1000000000) %}{% endfor %}',
      /takes more than (1500 ms|128 MB)/,
      1500,
    ],
    [
      'a text that doubles',
      `{% set ns = namespace(t='ab') %}{% for i in range(60) %}{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t }}`,
      /takes more than|Invalid string length|renders more/,
    ],
    ['a depth of brackets', `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`, /Maximum call stack/],
  ])('that is hostile gets one line: %s', async (_, source, says, timeLimit) => {
    const rendering = renderChat(template(source), [], { timeLimit });
    await expect(rendering).rejects.toThrow(ChatTemplateError);
    await expect(rendering).rejects.toThrow(says);
    await expect(rendering).rejects.toThrow(/^.*$/);
  });
});

describe('the template of a directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'chat-'));
  });
  afterEach(() => rm(directory, { recursive: true }));
  const writeConfig = (config: unknown) =>
    writeFile(join(directory, 'tokenizer_config.json'), JSON.stringify(config));

  it('is in tokenizer_config.json, alone or as the default of several, or in a file of its own', async () => {
    await writeConfig({ chat_template: 'one', eos_token: { content: '</s>' } });
    expect(await readChatTemplate(directory)).toMatchObject({ source: 'one', tokens: { eos_token: '</s>' } });
    await writeConfig({
      chat_template: [
        { name: 'tools', template: 't' },
        { name: 'default', template: 'two' },
      ],
    });
    expect((await readChatTemplate(directory)).source).toBe('two');
    await writeFile(join(directory, 'chat_template.jinja'), 'three');
    expect((await readChatTemplate(directory)).source).toBe('three');
  });

  it('is missed in one line', async () => {
    await expect(readChatTemplate(directory)).rejects.toThrow(
      /has no chat template in chat_template\.jinja or/,
    );
    await writeConfig({ chat_template: 7 });
    await expect(readChatTemplate(directory)).rejects.toThrow(/tokenizer_config\.json: chat_template: /);
  });
});
