/** Consecutive tokens of a packed sequence. */
export interface TokenRun {
  /** Index of the first token. */
  readonly start: number;
  /** How many tokens, ≥ 0. */
  readonly length: number;
}

/**
 * Sibling segments that stand one after the other in a packed sequence and share what they attend to before
 * themselves. Every token attends to the whole prefix and, causally, to its own segment; siblings do not see
 * each other. A document is a group of one segment without a prefix; the branches of a position are a group
 * whose prefix is the document up to the position and the budget instruction.
 */
export interface AttentionGroup {
  /** Index of the group's first token among the keys. */
  readonly start: number;
  /** Tokens of each sibling, in order. */
  readonly lengths: readonly number[];
  /** Runs of the packed keys that every sibling attends to, in order. */
  readonly prefix: readonly TokenRun[];
}

/** Thrown when groups do not fit the tensors they are used with. */
export class AttentionGroupError extends Error {
  readonly code = 'ATTENTION_GROUPS';
  override readonly name = 'AttentionGroupError';
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);

/** All tokens of a group's siblings together. */
const groupTokens = (group: AttentionGroup): number => sum(group.lengths);

/**
 * Checks that the groups describe `queries` query rows, in order, and stay within `keys` key rows.
 * @throws {AttentionGroupError} naming the group that does not.
 */
export function checkAttentionGroups(groups: readonly AttentionGroup[], queries: number, keys: number): void {
  let total = 0;
  groups.forEach((group, index) => {
    const tokens = groupTokens(group);
    total += tokens;
    for (const run of [{ start: group.start, length: tokens }, ...group.prefix]) {
      const whole = Number.isInteger(run.start) && Number.isInteger(run.length);
      if (!whole || run.start < 0 || run.length < 0 || run.start + run.length > keys) {
        throw new AttentionGroupError(
          `groups[${index}]: tokens ${run.start}..${run.start + run.length} are not within the ${keys} keys`,
        );
      }
    }
  });
  if (total !== queries) {
    throw new AttentionGroupError(`groups: they hold ${total} tokens, but there are ${queries} queries`);
  }
}
