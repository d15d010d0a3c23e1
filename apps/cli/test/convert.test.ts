import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runCli } from './support/cli.js';
import { temporaryFolder } from './support/temporary-folder.js';

const folder = await temporaryFolder();
const GGUF = fileURLToPath(new URL('../../../packages/core/fixtures/gguf/qwen3.gguf', import.meta.url));

describe('midtrain convert', { timeout: 60_000 }, () => {
  test('makes a model directory that generates, in its chat template on request', async () => {
    const done = await runCli(['convert', GGUF, '--out', 'qwen3', '--json'], folder);
    expect(done.stderr).not.toContain('error');
    expect(JSON.parse(done.stdout)).toMatchObject({ model: 'qwen3', family: 'qwen3', dtype: 'float32' });
    expect((await readdir(join(folder, 'qwen3'))).sort()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const flags = ['--max-new-tokens', '6', '--temperature', '0', '--json', '--backend', 'wasm'];
    const generate = async (...args: readonly string[]) => {
      const { status, stdout } = await runCli(['generate', 'qwen3', ...args, ...flags], folder);
      expect(status).toBe(0);
      return JSON.parse(stdout).tokenIds;
    };
    const chat = await generate('--prompt', 'the 12', '--system', 'in', '--chat');
    expect(chat).toEqual(await generate('--prompt', 'system: in\nuser: the 12\n'));
    expect(chat).not.toEqual(await generate('--prompt', 'the 12'));
  });

  test.each([
    ['a file that is not there', ['convert', 'none.gguf', '--out', 'x'], /none\.gguf: not found/],
    ['a folder that has a model', ['convert', GGUF, '--out', 'qwen3'], /--out: qwen3 holds a model already/],
    ['a file of another kind', ['convert', 'qwen3/config.json', '--out', 'x'], /does not start with GGUF/],
    [
      'a system turn without a conversation',
      ['generate', 'qwen3', '--prompt', 'a', '--system', 'b'],
      /--system: is for conversations, expected --chat/,
    ],
  ])('names %s in one line', async (_, args, says) => {
    const { status, stdout, stderr } = await runCli(args, folder);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(stderr.match(/^error: /gm)).toHaveLength(1);
    expect(await readdir(folder)).not.toContain('x');
  });

  test('names a template that loops, in one line', async () => {
    const file = join(folder, 'qwen3', 'tokenizer_config.json');
    const config = JSON.parse(await readFile(file, 'utf8'));
    const chat_template = '{% for i in range(1000000000) %}{% endfor %}';
    await writeFile(file, JSON.stringify({ ...config, chat_template }));
    const { status, stderr } = await runCli(['generate', 'qwen3', '--prompt', 'a', '--chat'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /tokenizer_config\.json: the chat template cannot be rendered: it takes more than/,
    );
  });
});
