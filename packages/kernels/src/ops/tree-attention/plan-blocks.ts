import type { AttentionGroup, TokenRun } from './attention-group.js';

/** Consecutive queries of a block, each of which sees the same keys and, of the segment itself, what is not later. */
interface BlockSegment {
  /** Queries. */
  readonly length: number;
  /** Keys that all of them see, by index into the block's keys. */
  readonly sees: readonly TokenRun[];
  /** Their own first key, by index likewise. */
  readonly ownKey: number;
}

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
  /** How many of the keys, the first ones, all queries see. */
  readonly seen: number;
  /** What the queries are, in order. */
  readonly segments: readonly BlockSegment[];
}

/** How large blocks become. */
export interface BlockLimits {
  /** Longest stretch of one segment in a block: longer ones waste the upper triangle, shorter ones calls. */
  readonly segmentTokens: number;
  /** Segments share a block up to this many tokens: together they save calls, but compute each other's masked scores. */
  readonly siblingTokens: number;
}

/** For backends that compute block by block. */
const SINGLE_BLOCKS: BlockLimits = { segmentTokens: 128, siblingTokens: 96 };

const MASKED = -1e9;

/** Consecutive queries that see the same keys before themselves. */
interface Segment extends TokenRun {
  readonly queryStart: number;
  readonly prefix: readonly TokenRun[];
}

/** Joins runs that continue each other. */
export function joined(runs: readonly TokenRun[]): TokenRun[] {
  const out: TokenRun[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (run.length === 0) continue;
    if (last && last.start + last.length === run.start) {
      out[out.length - 1] = { start: last.start, length: last.length + run.length };
    } else {
      out.push({ start: run.start, length: run.length });
    }
  }
  return out;
}

const total = (runs: readonly TokenRun[]): number => runs.reduce((sum, { length }) => sum + length, 0);

/** The columns of `keys`, laid side by side, that a run of packed rows has; in pieces. */
function columnsOf(keys: readonly TokenRun[], { start, length }: TokenRun): TokenRun[] {
  let before = 0;
  return keys.flatMap((run) => {
    const from = Math.max(start, run.start);
    const to = Math.min(start + length, run.start + run.length);
    const at = before + from - run.start;
    before += run.length;
    return from < to ? [{ start: at, length: to - from }] : [];
  });
}

/** What a block of these segments reads. The first one's prefix holds the others'. */
const keysOf = (segments: readonly Segment[]): TokenRun[] => joined([...segments[0].prefix, ...segments]);

/** How many keys a segment sees before the first that it does not. */
const seenFromStart = ({ sees }: BlockSegment): number => (sees[0]?.start === 0 ? sees[0].length : 0);

/** One block: whole segments under each other, each causal and seeing its prefix alone. */
function block(segments: readonly Segment[]): AttentionBlock {
  const keys = keysOf(segments);
  const placed = segments.map((segment): BlockSegment => {
    const columns = segment.prefix.flatMap((run) => columnsOf(keys, run));
    const [own] = columnsOf(keys, segment);
    return {
      length: segment.length,
      sees: joined(columns.sort((a, b) => a.start - b.start)),
      ownKey: own.start,
    };
  });
  return {
    queryStart: segments[0].queryStart,
    queries: total(segments),
    keys,
    keyCount: total(keys),
    seen: Math.min(...placed.map(seenFromStart)),
    segments: placed,
  };
}

/**
 * Who sees what in a block: writes 0 where a query sees a key, −1e9 where not, for its keys from `firstKey` on.
 *
 * @param firstKey at most `seen`
 * @param mask [M, S − firstKey], row by row
 */
export function fillBlockMask(
  { segments, keyCount }: AttentionBlock,
  firstKey: number,
  mask: Float32Array,
): Float32Array {
  const width = keyCount - firstKey;
  mask.fill(MASKED);
  let first = 0;
  for (const { length, sees, ownKey } of segments) {
    for (let i = 0; i < length; i++, first += width) {
      for (const run of [...sees, { start: ownKey, length: i + 1 }]) {
        const from = Math.max(0, run.start - firstKey);
        mask.fill(0, first + from, first + Math.max(from, run.start + run.length - firstKey));
      }
    }
  }
  return mask;
}

/** A group's siblings, those too long cut into stretches of about the same length. */
function segmentsOf({ start, lengths, prefix }: AttentionGroup, queryStart: number, most: number): Segment[] {
  let sibling = 0;
  return lengths.flatMap((length) => {
    const first = sibling;
    sibling += length;
    const stretch = Math.ceil(length / Math.ceil(length / most));
    return Array.from({ length: Math.ceil(length / stretch) || 0 }, (_, i): Segment => {
      const done = i * stretch;
      return {
        queryStart: queryStart + first + done,
        start: start + first + done,
        length: Math.min(stretch, length - done),
        prefix: done === 0 ? prefix : [...prefix, { start: start + first, length: done }],
      };
    });
  });
}

const planned = new WeakMap<readonly AttentionGroup[], Map<BlockLimits, readonly AttentionBlock[]>>();

function cut(groups: readonly AttentionGroup[], { segmentTokens, siblingTokens }: BlockLimits) {
  const blocks: AttentionBlock[] = [];
  let waiting: Segment[] = [];
  const flush = () => {
    if (waiting.length > 0) blocks.push(block(waiting));
    waiting = [];
  };
  let query = 0;
  for (const group of groups) {
    for (const segment of segmentsOf(group, query, segmentTokens)) {
      // A segment joins where all that it sees is read anyway: after its siblings, or after the instruction it follows.
      const joins =
        waiting.length > 0 &&
        total(waiting) + segment.length <= siblingTokens &&
        total(segment.prefix) > 0 &&
        segment.prefix.every((run) => total(columnsOf(keysOf(waiting), run)) === run.length);
      if (!joins) flush();
      waiting.push(segment);
    }
    query += group.lengths.reduce((sum, length) => sum + length, 0);
  }
  flush();
  return blocks;
}

/**
 * Cuts groups into dense blocks. Kept for each array of groups, since every layer, forward and backward, asks for
 * the same ones.
 */
export function planBlocks(
  groups: readonly AttentionGroup[],
  limits: BlockLimits = SINGLE_BLOCKS,
): readonly AttentionBlock[] {
  const byLimits = planned.get(groups) ?? new Map<BlockLimits, readonly AttentionBlock[]>();
  planned.set(groups, byLimits);
  const blocks = byLimits.get(limits) ?? cut(groups, limits);
  byLimits.set(limits, blocks);
  return blocks;
}
