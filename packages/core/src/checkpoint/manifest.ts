import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const TENSORS_FILE = 'tensors.safetensors';
export const STATE_FILE = 'state.json';
export const MANIFEST_FILE = 'manifest.json';

const digest = z.object({ bytes: z.number().int().nonnegative(), sha256: z.string() });

/** What a checkpoint's files must be for it to be whole. */
export const manifestSchema = z.object({
  format: z.literal(1, { error: 'expected 1; it was written by another version of midtrain' }),
  step: z.number().int().nonnegative(),
  files: z.object({ [TENSORS_FILE]: digest, [STATE_FILE]: digest }),
});

export type Manifest = z.infer<typeof manifestSchema>;

async function digestOf(file: string): Promise<z.infer<typeof digest>> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Sizes and SHA-256 of a checkpoint's files, as they are on the disk. */
export async function digestFiles(directory: string): Promise<Manifest['files']> {
  return {
    [TENSORS_FILE]: await digestOf(join(directory, TENSORS_FILE)),
    [STATE_FILE]: await digestOf(join(directory, STATE_FILE)),
  };
}
