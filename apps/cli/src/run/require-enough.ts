import { ConfigError } from '../cli-error.js';

/**
 * Checks that there is as much as a step reads, none of it twice.
 *
 * @param field what says how much that is, `batch.documents`
 * @throws ConfigError naming it
 */
export function requireEnough(
  configFile: string,
  field: string,
  perStep: number,
  count: number,
  what: string,
): void {
  if (perStep <= count) return;
  throw new ConfigError(
    `${configFile}: ${field}: is ${perStep}, expected at most ${count}, the number of ${what}; a step reads none of them twice`,
  );
}
