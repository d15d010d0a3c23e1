import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from '../cli-error.js';
import { withAbsolutePaths } from './config-paths.js';
import { issueLines } from './issue-lines.js';
import { applyOverrides } from './overrides.js';

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'not found' : `cannot be read (${message})`;
    throw new ConfigError(`${file}: ${reason}; give a YAML configuration`, { cause });
  }
}

/**
 * Reads a YAML configuration, sets `overrides` (`key=value`), checks it by a schema, fills in the defaults, and makes
 * its paths, which are relative to the file, absolute.
 *
 * @throws ConfigError with a line for each mistake, each naming the file and the field and saying what was expected
 */
export async function readConfig<Schema extends z.ZodType<object>>(
  file: string,
  schema: Schema,
  overrides: readonly string[] = [],
): Promise<z.infer<Schema>> {
  const document = parseDocument(await readText(file), { prettyErrors: true });
  const [broken] = document.errors;
  if (broken) {
    const line = broken.linePos?.[0].line;
    throw new ConfigError(
      `${file}${line === undefined ? '' : `:${line}`}: is no valid YAML (${broken.message.split(/ at line|\n/)[0]})`,
      { cause: broken },
    );
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new ConfigError(`${file}: is not a configuration, expected fields such as model: and steps:`);
  }
  applyOverrides(document, overrides);
  const input: unknown = document.toJS() ?? {};
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    throw new ConfigError(
      issueLines(parsed.error, input)
        .map((line) => `${file}: ${line}`)
        .join('\n'),
      { cause: parsed.error },
    );
  }
  return withAbsolutePaths(parsed.data, dirname(resolve(file)));
}
