/** Reads a stream to its end into a list. */
export async function collectCorpus<T>(documents: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const document of documents) collected.push(document);
  return collected;
}
