import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HubFile } from './choose-files.js';

/** A hash that the hub gives of a file's content. */
export interface ContentDigest {
  readonly algorithm: 'sha256' | 'sha1';
  readonly expected: string;
  /** What is hashed before the content. */
  readonly prefix: string;
}

/** The hash by which a file can be checked: SHA-256 of large files, of others Git's own. */
export function digestOf({ size, oid, lfs }: HubFile): ContentDigest | undefined {
  if (lfs && /^[0-9a-f]{64}$/.test(lfs.oid)) return { algorithm: 'sha256', expected: lfs.oid, prefix: '' };
  if (!lfs && oid && /^[0-9a-f]{40}$/.test(oid)) {
    return { algorithm: 'sha1', expected: oid, prefix: `blob ${size}\0` };
  }
  return undefined;
}

/** Hashes a file as the digest asks. */
export async function hashFile(path: string, { algorithm, prefix }: ContentDigest): Promise<string> {
  const hash = createHash(algorithm).update(prefix);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
