import type { AttentionGroup, TokenRun } from './attention-group.js';

/** A stretch of queries and all the keys that any of them sees, to be computed as one dense product. */
export interface AttentionBlock {
  /** First query row. */
  readonly queryStart: number;
  /** M query rows. */
  readonly queries: number;
  /** The S keys, in order, as runs of packed rows. */
  readonly keys: readonly TokenRun[];
  /** S. */
  readonly keyCount: number;
  /** 0 where a query sees a key, −1e9 where not. [M, S] row by row */
  readonly mask: Float32Array;
}

/** Longest stretch of one segment in a block: longer ones waste the upper triangle, shorter ones calls. */
const SEGMENT_TOKENS = 128;
/** Siblings share a block up to this many tokens: together they save calls, but compute each other's masked scores. */
const SIBLING_TOKENS = 96;
const MASKED = -1e9;

interface Segment {
  readonly start: number;
  readonly length: number;
}

/** Joins runs that continue each other. */
function joined(runs: readonly TokenRun[]): TokenRun[] {
  const out: TokenRun[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (run.length === 0) continue;
    if (last && last.start + last.length === run.start) {
      out[out.length - 1] = { start: last.start, length: last.length + run.length };
    } else {
      out.push(run);
    }
  }
  return out;
}

/** One block: whole segments side by side, each causal, none seeing the others, after `visible` keys that all see. */
function block(
  queryStart: number,
  segments: readonly Segment[],
  visible: readonly TokenRun[],
): AttentionBlock {
  const seen = visible.reduce((total, run) => total + run.length, 0);
  const queries = segments.reduce((total, { length }) => total + length, 0);
  const keyCount = seen + queries;
  const mask = new Float32Array(queries * keyCount).fill(MASKED);
  let first = 0;
  for (const { length } of segments) {
    for (let row = first; row < first + length; row++) {
      mask.fill(0, row * keyCount, row * keyCount + seen);
      mask.fill(0, row * keyCount + seen + first, row * keyCount + seen + row + 1);
    }
    first += length;
  }
  return { queryStart, queries, keys: joined([...visible, ...segments]), keyCount, mask };
}

function blocksOf(group: AttentionGroup, firstQuery: number): AttentionBlock[] {
  const blocks: AttentionBlock[] = [];
  let start = group.start;
  let query = firstQuery;
  let waiting: Segment[] = [];
  let waitingTokens = 0;
  const flush = () => {
    if (waitingTokens > 0) blocks.push(block(query - waitingTokens, waiting, group.prefix));
    waiting = [];
    waitingTokens = 0;
  };
  for (const length of group.lengths) {
    if (waitingTokens + length > SIBLING_TOKENS) flush();
    if (length > SEGMENT_TOKENS) {
      for (let done = 0; done < length; done += SEGMENT_TOKENS) {
        const stretch = { start: start + done, length: Math.min(SEGMENT_TOKENS, length - done) };
        blocks.push(block(query + done, [stretch], [...group.prefix, { start, length: done }]));
      }
    } else if (length > 0) {
      waiting.push({ start, length });
      waitingTokens += length;
    }
    start += length;
    query += length;
  }
  flush();
  return blocks;
}

const planned = new WeakMap<readonly AttentionGroup[], readonly AttentionBlock[]>();

/**
 * Cuts groups into dense blocks. Kept for each array of groups, since every layer, forward and backward, asks for
 * the same one.
 */
export function planBlocks(groups: readonly AttentionGroup[]): readonly AttentionBlock[] {
  let blocks = planned.get(groups);
  if (!blocks) {
    let query = 0;
    blocks = groups.flatMap((group) => {
      const first = query;
      query += group.lengths.reduce((total, length) => total + length, 0);
      return blocksOf(group, first);
    });
    planned.set(groups, blocks);
  }
  return blocks;
}
