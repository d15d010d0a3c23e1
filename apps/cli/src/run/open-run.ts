import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { writeFileAtomic } from '@midtrain/core';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { RunFolderError, UsageError } from '../cli-error.js';
import { configFileOf, withRelativePaths } from '../config/config-paths.js';
import { isOverride } from '../config/overrides.js';
import { readConfig } from '../config/read-config.js';

/** What a person asked for on the command line. */
export interface RunRequest {
  /** Configuration file, or the first override where `--resume` is given. */
  readonly config?: string;
  readonly overrides: readonly string[];
  /** Run folder to go on with. */
  readonly resume?: string;
}

/** A run about to start, or to go on. */
export interface OpenedRun<Config> {
  /** Checked, with all defaults and absolute paths. */
  readonly config: Config;
  /** Where it was read from, for errors. */
  readonly configFile: string;
  readonly folder: string;
  /** Whether the folder holds a run already. */
  readonly resumed: boolean;
  /** Where a trace of the first steps goes, if anywhere. */
  readonly profile?: string;
  /** Makes the folder and writes `config.yaml` as resolved; does nothing where the run goes on. */
  create(): Promise<void>;
}

interface CommonConfig {
  readonly output: string;
}

/** Sections that may change between the parts of a run, for they do not change what is learnt. */
const FREE = new Set(['output', 'checkpoint', 'samples', 'backend', 'threads']);

function requireSame(folder: string, saved: object, asked: object): void {
  const before = saved as Record<string, unknown>;
  const now = asked as Record<string, unknown>;
  for (const field of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (FREE.has(field) || JSON.stringify(before[field]) === JSON.stringify(now[field])) continue;
    throw new RunFolderError(
      `${folder}: ${field}: is ${JSON.stringify(now[field])}, but the run was started with ${JSON.stringify(before[field])}; resume it as it was, or start another with its own output`,
    );
  }
}

/**
 * Reads a run's configuration, from a file or from the run that goes on. Nothing is written yet.
 *
 * @throws UsageError, ConfigError, RunFolderError
 */
export async function openRun<Schema extends z.ZodType<CommonConfig>>(
  request: RunRequest,
  schema: Schema,
): Promise<OpenedRun<z.infer<Schema>>> {
  const { resume } = request;
  const first = request.config;
  const onlyOverrides = resume !== undefined && first !== undefined && isOverride(first);
  const overrides = onlyOverrides ? [first, ...request.overrides] : request.overrides;
  const file = onlyOverrides ? undefined : first;
  const savedFile = resume === undefined ? undefined : configFileOf(resume);
  const started = savedFile !== undefined && existsSync(savedFile);

  if (resume !== undefined && !started && file === undefined) {
    throw new RunFolderError(`${resume}: has no config.yaml, expected the folder of a run that was started`);
  }
  const configFile = file ?? (started ? savedFile : undefined);
  if (configFile === undefined)
    throw new UsageError('CONFIG: is missing, expected a YAML file or --resume RUN');

  const asked = await readConfig(configFile, schema, overrides);
  const folder = resolve(resume ?? asked.output);
  const config = { ...asked, output: folder };
  if (started && savedFile !== undefined) {
    requireSame(resume as string, await readConfig(savedFile, schema), config);
  } else if (existsSync(configFileOf(folder))) {
    const shown = relative(process.cwd(), folder) || '.';
    throw new RunFolderError(
      `${shown}: holds a run already; go on with --resume ${shown}, or choose another folder with output=…`,
    );
  }
  return {
    config,
    configFile,
    folder,
    resumed: started,
    create: async () => {
      if (!started)
        await writeFileAtomic(join(folder, 'config.yaml'), stringify(withRelativePaths(config, folder)));
    },
  };
}
