import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../src/config/json-schema.js';
import { runCli } from './support/cli.js';
import { temporaryFolder } from './support/temporary-folder.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text);

/** Makes the example a matter of seconds. */
const SMALLER: Readonly<Record<string, readonly string[]>> = {
  pretrain: ['steps=2', 'batch.documents=2', 'newModel.hiddenSize=32', 'newModel.layers=1'],
  train: ['steps=2', 'batch={documents: 1, positions: 2, groupSize: 2}'],
  'post-train': [
    'steps=2',
    'batch={questions: 2, groupSize: 2}',
    'evaluation.limit=2',
    'questions.limit=8',
    'rollout.maxNewTokens=16',
  ],
};

test('README: its commands run with its configurations', { timeout: 400_000 }, async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'node_modules', '@midtrain'), { recursive: true });
  await symlink(
    fileURLToPath(new URL('..', import.meta.url)),
    join(folder, 'node_modules', '@midtrain', 'cli'),
    'dir',
  );
  for (const yaml of blocks('yaml')) {
    const name = /^# (\S+\.yaml)\n/.exec(yaml)?.[1];
    if (name) await writeFile(join(folder, name), yaml);
  }
  await writeFile(join(folder, 'held-out.jsonl'), '{"text": "Tom has 3 apples."}\n');

  const commands = blocks('sh').flatMap((text) =>
    [...text.matchAll(/^npx midtrain (.*?)(?:\s+#.*)?$/gm)].map(([, line]) => line),
  );
  expect(commands.length).toBeGreaterThan(4);
  for (const line of commands) {
    const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
    const { status, stderr } = await runCli([...args, ...(SMALLER[args[0]] ?? [])], folder);
    expect(stderr).not.toContain('error:');
    expect(status, line).toBe(0);
  }
});

/** Names of all fields of a JSON schema. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf);
  const { properties, ...rest } = schema as { readonly properties?: Readonly<Record<string, unknown>> };
  return [
    ...Object.keys(properties ?? {}),
    ...fieldsOf(Object.values(properties ?? {})),
    ...fieldsOf(Object.values(rest)),
  ];
}

test.each(['train', 'pretrain', 'post-train'] as const)('README: names every field of %s', (command) => {
  const missing = new Set(
    fieldsOf(configJsonSchema(command)).filter((field) => !new RegExp(`[\`.(,{ ]${field}\\b`).test(readme)),
  );
  expect([...missing]).toEqual([]);
});
