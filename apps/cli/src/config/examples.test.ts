import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONFIGURED } from './json-schema.js';
import { readConfig } from './read-config.js';

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const EXAMPLES = [
  ['examples/train.yaml', 'train', 'midtrain'],
  ['examples/own-component/train.yaml', 'train', 'midtrain'],
  ['examples/lora.yaml', 'train', 'midtrain'],
  ['examples/pretrain.yaml', 'pretrain', 'pretrain'],
  ['examples/post-train.yaml', 'post-train', 'post-train'],
  ['examples/post-train-quickstart.yaml', 'post-train', 'post-train'],
  ['../../configs/smollm2-cold-start.yaml', 'pretrain', 'pretrain'],
  ['../../configs/smollm2-gsm8k.yaml', 'train', 'midtrain'],
] as const;

describe.each(EXAMPLES)('%s', (file, command, schema) => {
  test('is read', async () => {
    expect(await readConfig(pathOf(file), CONFIGURED[command])).toMatchObject({ seed: expect.any(Number) });
  });

  test('holds to the published JSON schema, by a validator of others', async () => {
    const published = JSON.parse(await readFile(pathOf(`schema/${schema}.schema.json`), 'utf8'));
    const validate = new Ajv2020({ strict: false }).compile(published);
    const config = parse(await readFile(pathOf(file), 'utf8'));
    expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...config, stpes: 3 })).toBe(false);
  });
});
