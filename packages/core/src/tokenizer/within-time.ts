import { createContext, Script } from 'node:vm';

const script = new Script('work()');

/** The work was not done in time. */
class TimeLimitError extends Error {}

/**
 * Does work that a pattern from elsewhere may make endless, and breaks it off after a time: a regular expression can take
 * exponentially long, and nothing else stops it.
 *
 * @param milliseconds the longest it may take
 * @throws TimeLimitError, or what the work throws
 */
export function withinTime<T>(milliseconds: number, work: () => T): T {
  let result: { readonly value: T } | undefined;
  const context = createContext({
    work: () => {
      result = { value: work() };
    },
  });
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new TimeLimitError(`took more than ${milliseconds} ms`, { cause });
    }
    throw cause;
  }
  return (result as { readonly value: T }).value;
}
