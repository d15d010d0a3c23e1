import { access } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep, win32 } from 'node:path';
import { CONFIG_FILE, readAdapterConfig } from './adapter-config.js';
import { LoraError } from './lora-error.js';

const ADVICE = 'give the directory of its base model';

/** Whether a directory holds an adapter: what has an `adapter_config.json` is one, as in transformers. */
export async function isAdapterDirectory(directory: string): Promise<boolean> {
  return access(join(directory, CONFIG_FILE)).then(
    () => true,
    () => false,
  );
}

/**
 * The directory of the model that an adapter lies upon: `base_model_name_or_path` from the adapter's own folder, which
 * may lead out of it, since that is where bases lie and how `saveAdapter` names them. What is read there is a model,
 * under the bounds of any model that comes from elsewhere. A file may not point at a place of this machine by an absolute
 * path, and a base is no adapter. Whoever knows the base gives it instead, and the file's path is not followed.
 *
 * @throws LoraError where it names none, or none that is there
 */
export async function baseDirectoryOf(directory: string): Promise<string> {
  const field = `${join(directory, CONFIG_FILE)}: base_model_name_or_path`;
  const { base } = await readAdapterConfig(directory);
  if (base === undefined || base === '') throw new LoraError(`${field}: is missing; ${ADVICE}`);
  const shown = JSON.stringify(base.length > 100 ? `${base.slice(0, 99)}…` : base);
  if (isAbsolute(base) || win32.isAbsolute(base) || base.includes('\0')) {
    throw new LoraError(`${field}: is ${shown}, expected a path relative to the adapter's folder; ${ADVICE}`);
  }
  const found = resolve(directory, base);
  await access(join(found, 'config.json')).catch((cause: Error) => {
    throw new LoraError(`${field}: is ${shown}, where no model is (${found}); ${ADVICE}`, { cause });
  });
  if (await isAdapterDirectory(found)) {
    throw new LoraError(`${field}: is ${shown}, an adapter itself; merge that one into its base first`);
  }
  return found;
}

/** How an adapter's file names its base: the path from the adapter's folder, with slashes. */
export function baseReference(directory: string, baseDirectory: string): string {
  return (relative(resolve(directory), resolve(baseDirectory)) || '.').split(sep).join('/');
}
