import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A repository that the server has. */
export interface FakeRepository {
  /** Contents by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths whose content is listed with its SHA-256, as large files are. */
  readonly large: ReadonlySet<string>;
  /** Changes an entry of the list before it is sent. */
  readonly list?: (entry: Record<string, unknown>) => Record<string, unknown>;
  /** The list never ends: one page goes on and on, or page follows page. */
  readonly endlessList?: 'page' | 'pages';
  /** After how many bytes of a file's content the connection breaks, once for each entry. */
  readonly breaks?: Map<string, number[]>;
}

/** What was asked for. */
interface AskedFor {
  readonly path: string;
  /** First byte. */
  readonly from: number;
}

const hex = (algorithm: string, ...parts: (string | Uint8Array)[]) => {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

function listOf({ files, large, list = (entry) => entry }: FakeRepository) {
  return [...files].map(([path, content]) => {
    const oid = hex('sha1', `blob ${content.length}\0`, content);
    const lfs = { oid: hex('sha256', content), size: content.length, pointerSize: 130 };
    return list({ type: 'file', path, size: content.length, oid, ...(large.has(path) ? { lfs } : {}) });
  });
}

/** Sends a part, and breaks the connection in the middle of it where it is asked to. */
function send(response: ServerResponse, content: Uint8Array, breakAfter: number | undefined): void {
  if (breakAfter === undefined) {
    response.end(content);
    return;
  }
  response.write(content.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 20));
}

/** Sends a list for as long as somebody reads it. */
function sendEndlessly(response: ServerResponse, kind: 'page' | 'pages', self: string): void {
  if (kind === 'pages') {
    response.setHeader('Link', `<${self}>; rel="next"`);
    response.end('[]');
    return;
  }
  const entries = ' '.repeat(2 ** 16);
  const more = (): void => {
    while (!response.destroyed && response.write(entries));
  };
  response.on('drain', more);
  response.write('[');
  more();
}

/** Starts a server on this machine that answers as the Hugging Face hub does, for the repository `team/model`. */
export async function startFakeHub(repository: FakeRepository) {
  const asked: AskedFor[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://local');
    if (pathname === '/api/models/team/model/tree/main') {
      response.setHeader('Content-Type', 'application/json');
      if (repository.endlessList) {
        const self = `http://${request.headers.host}${request.url}`;
        sendEndlessly(response, repository.endlessList, self);
        return;
      }
      response.end(JSON.stringify(listOf(repository)));
      return;
    }
    const path = decodeURIComponent(pathname.replace('/team/model/resolve/main/', ''));
    const content = repository.files.get(path);
    if (!content) {
      response.statusCode = 404;
      response.setHeader(
        'X-Error-Code',
        pathname.startsWith('/team/model/') ? 'EntryNotFound' : 'RepoNotFound',
      );
      response.end('Not found');
      return;
    }
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const from = Number(first);
    const to = last === '' ? content.length : Math.min(content.length, Number(last) + 1);
    response.setHeader('ETag', `"${hex('sha256', content)}"`);
    if (request.headers.range) {
      response.statusCode = 206;
      response.setHeader('Content-Range', `bytes ${from}-${to - 1}/${content.length}`);
    }
    response.setHeader('Content-Length', to - from);
    const probe = request.headers.range === 'bytes=0-0';
    if (!probe) asked.push({ path, from });
    send(response, content.subarray(from, to), probe ? undefined : repository.breaks?.get(path)?.shift());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  afterAll(() => void server.close());
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
