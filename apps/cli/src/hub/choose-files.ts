import { RepositoryError } from './hub-error.js';

/** A file as the hub lists it. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** Git's SHA-1 of the content; for large files of the pointer to it. */
  readonly oid?: string;
  /** Of large files. */
  readonly lfs?: { readonly oid: string; readonly size: number };
}

/** What a model is besides its weights. */
const COMPANIONS = new Set([
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'chat_template.jinja',
  'adapter_config.json',
]);
const WEIGHTS =
  /^(model(-\d+-of-\d+)?\.safetensors|model\.safetensors\.index\.json|adapter_model\.safetensors)$/;
const CONFIG = /^(adapter_)?config\.json$/;

/** Refuses paths that lead out of the folder. The list comes from a server that may be anyone's. */
function checkPath(repository: string, path: string): void {
  const inside =
    path !== '' &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: such names are what is refused
    !/[\\:\x00-\x1f]/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (inside) return;
  throw new RepositoryError(
    `${repository}: lists a file ${JSON.stringify(path.slice(0, 200))}, expected paths inside the repository; nothing was written`,
  );
}

function chooseGguf(repository: string, files: readonly HubFile[], wanted: string | undefined): HubFile {
  const found = files.filter(({ path }) => path.endsWith('.gguf'));
  const chosen = wanted === undefined ? found : found.filter(({ path }) => path === wanted);
  if (chosen.length === 1) return chosen[0];
  if (found.length === 0) {
    throw new RepositoryError(
      `${repository}: has no model.safetensors and no .gguf; other weights are not read`,
    );
  }
  const names = found.slice(0, 8).map(({ path }) => path);
  throw new RepositoryError(
    `${repository}: name one of its GGUF files with --file: ${names.join(', ')}${found.length > 8 ? ', …' : ''}`,
  );
}

/**
 * Chooses the files that a model needs: configuration, tokenizer and safetensors at the top of the repository, the
 * configuration last; or one GGUF file where there are no safetensors, or where it is asked for.
 *
 * @param gguf path of a GGUF file in the repository
 * @throws RepositoryError where a listed path leads out of the folder, or there are no weights to read
 */
export function chooseFiles(repository: string, listed: readonly HubFile[], gguf?: string): HubFile[] {
  for (const { path } of listed) checkPath(repository, path);
  const weights = listed.filter(({ path }) => WEIGHTS.test(path));
  if (gguf !== undefined || weights.length === 0) return [chooseGguf(repository, listed, gguf)];
  const companions = listed.filter(({ path }) => COMPANIONS.has(path));
  const isConfig = ({ path }: HubFile) => CONFIG.test(path);
  if (!companions.some(isConfig)) {
    throw new RepositoryError(
      `${repository}: has weights but no config.json; it is no model that can be loaded`,
    );
  }
  // A folder with its configuration is complete.
  return [...companions.filter((file) => !isConfig(file)), ...weights, ...companions.filter(isConfig)];
}
