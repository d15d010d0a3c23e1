/** How much may be asked for and come, over all requests together. */
export interface FetchBounds {
  readonly requests: number;
  readonly bytes: number;
  /** What is thrown where more comes. */
  readonly exceeded: () => Error;
}

/** `fetch` for a server that may be anyone's: its answers together are no more than is foreseen. */
export function boundedFetch({ requests, bytes, exceeded }: FetchBounds): typeof fetch {
  let asked = 0;
  let came = 0;
  return async (input, init) => {
    if (++asked > requests) throw exceeded();
    const response = await fetch(input, init);
    const counted = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          came += chunk.length;
          if (came > bytes) controller.error(exceeded());
          else controller.enqueue(chunk);
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(counted ?? null, { status, statusText, headers });
  };
}
