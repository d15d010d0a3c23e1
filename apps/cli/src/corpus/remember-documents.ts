import { type DocumentLoader, type LoadedDocuments, loadDocuments } from './load-documents.js';

/** Reads each corpus once, for runs in one process that share their tokenizer. */
export function rememberDocuments(load: DocumentLoader = loadDocuments): DocumentLoader {
  const known = new Map<string, Promise<LoadedDocuments>>();
  return (options) => {
    const { corpus, roomTokens, seed } = options;
    const key = JSON.stringify([corpus, roomTokens, corpus.heldOut > 0 && seed]);
    const documents = known.get(key) ?? load(options);
    known.set(key, documents);
    return documents;
  };
}
