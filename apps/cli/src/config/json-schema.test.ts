import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CONFIGURED, configJsonSchema } from './json-schema.js';

const FILES = {
  train: 'midtrain.schema.json',
  pretrain: 'pretrain.schema.json',
  'post-train': 'post-train.schema.json',
} as const;

describe('the published JSON schemas', () => {
  test.each(Object.keys(CONFIGURED) as (keyof typeof CONFIGURED)[])(
    'of %s is what the code says',
    async (command) => {
      const published = await readFile(new URL(`../../schema/${FILES[command]}`, import.meta.url), 'utf8');
      expect(JSON.parse(published), 'run: npm run schema').toEqual(
        JSON.parse(JSON.stringify(configJsonSchema(command))),
      );
    },
  );
});
