import type { ListFileEntry } from '@huggingface/hub';
import { boundedFetch } from './bounded-fetch.js';
import { chooseFiles, type HubFile } from './choose-files.js';
import { type Arrival, downloadInto } from './download.js';
import { DownloadError, RepositoryError } from './hub-error.js';

/** Above what any repository of a model lists. */
const MAX_ENTRIES = 20_000;
/** Above what so many entries take, and the pages that they come on. */
const MAX_LIST_BYTES = 32 * 2 ** 20;
const MAX_LIST_PAGES = 200;

export interface PullOptions {
  /** As `organisation/name`. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Address of another hub than Hugging Face's. */
  readonly endpoint?: string;
  /** A GGUF file of the repository instead of its safetensors. */
  readonly gguf?: string;
  /** Where the files go. */
  readonly folder: string;
  /** For repositories that ask for one. */
  readonly accessToken?: string;
  /** Called with the bytes of all files that are there. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

/** A file that is there now. */
export interface PulledFile {
  readonly path: string;
  readonly bytes: number;
  readonly arrival: Arrival;
}

/** What went wrong, in a line that says what to do. */
function explained(error: unknown, options: PullOptions): unknown {
  const { repository, revision, endpoint = 'the Hugging Face hub' } = options;
  const { statusCode, cause } = error as {
    readonly statusCode?: number;
    readonly cause?: { readonly code?: string };
  };
  if (statusCode === 401 || statusCode === 403 || statusCode === 404) {
    return new RepositoryError(
      `${repository}: no such repository or revision (${revision}) at ${endpoint}, or it asks for a token: check the name, or set HF_TOKEN`,
      { cause: error },
    );
  }
  if (statusCode !== undefined) {
    return new DownloadError(`${endpoint}: answers with status ${statusCode}; try again later`, {
      cause: error,
    });
  }
  if (error instanceof TypeError || error instanceof SyntaxError) {
    const reason = cause?.code ?? error.message;
    return new DownloadError(`${endpoint}: cannot be reached, or is no hub (${reason}); run again to go on`, {
      cause: error,
    });
  }
  return error;
}

function hubFile(repository: string, entry: ListFileEntry): HubFile {
  const { path, size, oid, lfs } = entry;
  if (typeof path === 'string' && Number.isSafeInteger(size) && size >= 0) return { path, size, oid, lfs };
  throw new RepositoryError(
    `${repository}: lists a file without a path or a size; is the address that of a hub?`,
  );
}

/**
 * Fetches the files of a model's repository that a model needs, one after the other, through `@huggingface/hub`. What was
 * fetched by an earlier run that broke off is gone on with.
 *
 * @throws RepositoryError where the repository is not there or holds no model; DownloadError where the connection breaks
 *   or the content is not what the hub lists; DiskFullError, WriteError
 */
export async function pullRepository(options: PullOptions): Promise<PulledFile[]> {
  // Loaded on use, since no other command needs it.
  const { downloadFile, listFiles } = await import('@huggingface/hub');
  const { repository, revision, endpoint: hubUrl, folder, accessToken } = options;
  const at = { repo: { type: 'model' as const, name: repository }, revision, hubUrl, accessToken };
  try {
    const listed: HubFile[] = [];
    let entries = 0;
    const tooMany = () =>
      new RepositoryError(`${repository}: lists more than ${MAX_ENTRIES} files; it is no model`);
    const bounded = boundedFetch({ requests: MAX_LIST_PAGES, bytes: MAX_LIST_BYTES, exceeded: tooMany });
    for await (const entry of listFiles({ ...at, recursive: true, fetch: bounded })) {
      if (++entries > MAX_ENTRIES) throw tooMany();
      if (entry.type === 'file') listed.push(hubFile(repository, entry));
    }
    const files = chooseFiles(repository, listed, options.gguf);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const pulled: PulledFile[] = [];
    let before = 0;
    for (const file of files) {
      const arrival = await downloadInto(folder, file, {
        async read({ path, size }, from) {
          // Plain HTTP ranges, which mirrors and proxies serve as well.
          const blob = await downloadFile({ ...at, path, xet: false });
          if (blob?.size === size) return blob.slice(from).stream() as ReadableStream<Uint8Array>;
          throw new DownloadError(
            `${path}: the hub lists ${size} bytes but offers ${blob?.size ?? 'none'}; it changed there, run again`,
          );
        },
        onProgress: (bytes) => options.onProgress?.(before + bytes, total),
      });
      before += file.size;
      pulled.push({ path: file.path, bytes: file.size, arrival });
    }
    return pulled;
  } catch (error) {
    throw explained(error, options);
  }
}
