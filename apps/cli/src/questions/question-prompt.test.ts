import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.js';
import { questionPrompt } from './question-prompt.js';

const folder = await temporaryFolder();
const asked: [text: string, addSpecialTokens: boolean][] = [];
const tokenizer = {
  encode(text: string, { addSpecialTokens = true }: { readonly addSpecialTokens?: boolean } = {}) {
    asked.push([text, addSpecialTokens]);
    return [1];
  },
};
const options = { tokenizer, tokenizerDirectory: folder, configFile: 'c.yaml', prompt: 'Q: {question}' };

test('a question is put into the prompt, and that into the chat template where asked for', async () => {
  await writeFile(
    join(folder, 'chat_template.jinja'),
    '{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}',
  );
  (await questionPrompt({ ...options, chat: false }))('1+1? $& {question}');
  (await questionPrompt({ ...options, chat: true }))('1+1? $&');
  expect(asked).toEqual([
    ['Q: 1+1? $& {question}', true],
    ['<|user|>Q: 1+1? $&<|end|><|assistant|>', false],
  ]);
});

test('a chat template without the question is named', async () => {
  await writeFile(join(folder, 'chat_template.jinja'), 'Hello');
  await expect(questionPrompt({ ...options, chat: true })).rejects.toThrow(
    /^c\.yaml: questions\.chat: the chat template in .* leaves the user's turn out; set it to false$/,
  );
});
