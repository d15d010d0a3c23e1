import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readOptionalJsonFile } from '../files/read-json-file.js';
import { readSafetensorsHeader } from './read-safetensors.js';
import { SafetensorsError } from './safetensors-error.js';

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
  /** Tensor names by the path of the file that holds them. */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
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
  const shapes = new Map<string, readonly number[]>();

  const index = (await exists(single))
    ? undefined
    : await readOptionalJsonFile(indexFile, indexJson, makeError);
  if (!index) {
    if (!(await exists(single))) {
      throw new SafetensorsError(
        `${directory}: has neither ${SINGLE} nor ${INDEX}; a model's weights are expected as safetensors`,
      );
    }
    for (const [name, { shape }] of await readSafetensorsHeader(single)) shapes.set(name, shape);
    return { shapes, files: new Map([[single, new Set(shapes.keys())]]) };
  }

  const files = new Map<string, Set<string>>();
  for (const [name, shard] of Object.entries(index.weight_map)) {
    const file = join(directory, shard);
    files.set(file, (files.get(file) ?? new Set()).add(name));
  }
  for (const [file, names] of files) {
    const header = await readSafetensorsHeader(file);
    for (const name of names) {
      const entry = header.get(name);
      if (!entry)
        throw new SafetensorsError(`${file}: has no tensor ${name}, which ${indexFile} says it has`);
      shapes.set(name, entry.shape);
    }
  }
  return { shapes, files };
}
