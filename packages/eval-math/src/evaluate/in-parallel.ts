/**
 * Runs `work` over items, at most `concurrency` at a time, and yields the results in the order of the items. Work already
 * under way when one fails or the caller stops is waited for, so that nothing runs on unseen.
 */
export async function* inParallel<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  let next = 0;
  const startMore = (): void => {
    while (running.length < concurrency && next < items.length) {
      const promise = work(items[next]);
      // A failure is seen when its turn comes; until then it must not count as unhandled.
      promise.catch(() => undefined);
      running.push(promise);
      next += 1;
    }
  };
  try {
    for (startMore(); running.length > 0; startMore()) {
      const result = await running[0];
      running.shift();
      startMore();
      yield result;
    }
  } finally {
    await Promise.allSettled(running);
  }
}
