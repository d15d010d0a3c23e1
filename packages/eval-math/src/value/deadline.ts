/** Thrown inside the checker where a grade has used up its time; never leaves the package. */
class OutOfTimeError extends Error {}

let end = Number.POSITIVE_INFINITY;

/**
 * What `work` returns, or `null` where it is still at it after `milliseconds`. The work is synchronous and calls
 * {@link checkTime} in every loop whose length the input decides, so that no input can hold a grade.
 */
export function within<Result>(milliseconds: number, work: () => Result): Result | null {
  const outer = end;
  end = Math.min(outer, performance.now() + milliseconds);
  try {
    return work();
  } catch (error) {
    if (error instanceof OutOfTimeError) return null;
    throw error;
  } finally {
    end = outer;
  }
}

/** Gives up the work in hand where its time is over. */
export function checkTime(): void {
  if (performance.now() > end) throw new OutOfTimeError('out of time');
}
