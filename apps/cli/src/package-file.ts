import { existsSync } from 'node:fs';

/**
 * A file or folder that comes along with this package, as `assets/`: found from the built command, which is one file,
 * as well as from the sources, which lie in folders.
 */
export function packageFile(path: string): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const above = new URL('..', folder);
    if (above.href === folder.href)
      throw new Error(`${path} is not found: no package.json above ${import.meta.url}`);
    folder = above;
  }
  return new URL(path, folder);
}
