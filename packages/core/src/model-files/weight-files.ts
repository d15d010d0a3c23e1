import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readOptionalJsonFile } from '../files/read-json-file.js';
import { readSafetensorsHeader } from './read-safetensors.js';
import { SafetensorsError } from './safetensors-error.js';
import type { TensorEntry } from './safetensors-header.js';

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/** Shards lie beside their index: a plain file name, which cannot lead out of the folder. */
const shardName = z.string().regex(/^[^/\\\0]+\.safetensors$/, {
  error: ({ input }) =>
    `is ${JSON.stringify(input)}, expected the name of a .safetensors file in the same folder`,
});
const indexJson = z.looseObject({ weight_map: z.record(z.string(), shardName) });

/** A model's tensors in its files. */
export interface WeightFiles {
  /** Shape of each tensor. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Tensors by name, by the path of the file that holds them. */
  readonly files: ReadonlyMap<string, ReadonlyMap<string, TensorEntry>>;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function weightFiles(files: WeightFiles['files']): WeightFiles {
  const entries = [...files.values()].flatMap((tensors) => [...tensors]);
  return { shapes: new Map(entries.map(([name, { shape }]) => [name, shape])), files };
}

/**
 * Finds a model directory's weights, in `model.safetensors` or in the shards that `model.safetensors.index.json`
 * names, and reads their headers.
 *
 * @throws SafetensorsError where there are none, a shard lacks a tensor, or the index names a file outside the folder
 */
export async function findWeights(directory: string): Promise<WeightFiles> {
  const makeError = (message: string, options?: ErrorOptions) => new SafetensorsError(message, options);
  const single = join(directory, SINGLE);
  const indexFile = join(directory, INDEX);

  const index = (await exists(single))
    ? undefined
    : await readOptionalJsonFile(indexFile, indexJson, makeError);
  if (!index) {
    if (!(await exists(single))) {
      throw new SafetensorsError(
        `${directory}: has neither ${SINGLE} nor ${INDEX}; a model's weights are expected as safetensors`,
      );
    }
    return weightFiles(new Map([[single, await readSafetensorsHeader(single)]]));
  }

  const namesByFile = new Map<string, string[]>();
  for (const [name, shard] of Object.entries(index.weight_map)) {
    const file = join(directory, shard);
    const names = namesByFile.get(file);
    if (names) names.push(name);
    else namesByFile.set(file, [name]);
  }
  const files = new Map<string, ReadonlyMap<string, TensorEntry>>();
  for (const [file, names] of namesByFile) {
    const header = await readSafetensorsHeader(file);
    const entries = names.map((name): [string, TensorEntry] => {
      const entry = header.get(name);
      if (entry) return [name, entry];
      throw new SafetensorsError(`${file}: has no tensor ${name}, which ${indexFile} says it has`);
    });
    files.set(file, new Map(entries));
  }
  return weightFiles(files);
}
