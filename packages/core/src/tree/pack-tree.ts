import type { AttentionGroup, TokenRun } from '@midtrain/kernels';
import type { PackedTokens } from '../policy/decoder.js';
import { requirePosition } from './check-request.js';

/** A position of a document, the instruction put after its prefix, and what branches wrote after that. */
export interface TreePosition {
  /** Index into the documents. */
  readonly document: number;
  /** Tokens of the document that come before: the branches predict token `position`. */
  readonly position: number;
  /** Budget instruction up to and including `<think>`; at least one token. */
  readonly instruction: readonly number[];
  /** Sampled tokens of each branch. */
  readonly branches: readonly (readonly number[])[];
}

/** Documents, instructions and branches laid out for one forward pass, and where the predictions are read. */
export interface PackedTree extends PackedTokens {
  /** Rows that come before these in what is attended to; see `packBranches`. */
  readonly pastRows: number;
  /** Who sees what, by index into the past rows and then these. */
  readonly groups: readonly AttentionGroup[];
  /** Row whose hidden state predicts each sampled token: branch after branch, in the order they were given. */
  readonly branchRows: Int32Array;
  readonly branchTargets: Int32Array;
  /** Row whose hidden state predicts each document token but the first: document after document. */
  readonly trunkRows: Int32Array;
  readonly trunkTargets: Int32Array;
}

/** Collects token rows after `pastRows` others, so that each layout below says only what stands where. */
function packer(pastRows = 0) {
  const tokenIds: number[] = [];
  const positions: number[] = [];
  const groups: AttentionGroup[] = [];
  return {
    /** Appends sibling segments that start at `position` of their sequence; returns their first row, past ones counted. */
    append(segments: readonly ArrayLike<number>[], position: number, prefix: readonly TokenRun[]): number {
      const start = pastRows + tokenIds.length;
      for (const segment of segments) {
        for (let i = 0; i < segment.length; i++) {
          tokenIds.push(segment[i]);
          positions.push(position + i);
        }
      }
      const lengths = segments.map((segment) => segment.length);
      if (pastRows + tokenIds.length > start) groups.push({ start, lengths, prefix });
      return start;
    },
    pack: () => ({
      tokenIds: Int32Array.from(tokenIds),
      positions: Int32Array.from(positions),
      pastRows,
      groups,
    }),
  };
}

/** Rows and targets of next-token predictions. */
function predictions() {
  const rows: number[] = [];
  const targets: number[] = [];
  return {
    add(row: number, target: number): void {
      rows.push(row);
      targets.push(target);
    },
    rows: () => Int32Array.from(rows),
    targets: () => Int32Array.from(targets),
  };
}

/** The last sampled token is only predicted, never read. */
const inputs = (branch: readonly number[]): readonly number[] => branch.slice(0, -1);

/** Where the branch tokens are predicted: the first from the instruction's end, the others from their predecessor. */
function addBranch(
  out: ReturnType<typeof predictions>,
  branch: readonly number[],
  instructionEnd: number,
  firstRow: number,
): void {
  branch.forEach((token, i) => {
    out.add(i === 0 ? instructionEnd : firstRow + i - 1, token);
  });
}

function addTrunk(out: ReturnType<typeof predictions>, document: ArrayLike<number>, start: number): void {
  for (let i = 1; i < document.length; i++) out.add(start + i - 1, document[i]);
}

/** Appends positions' instructions and branches after the documents, wherever those stand. */
function addPositions(
  tokens: ReturnType<typeof packer>,
  branch: ReturnType<typeof predictions>,
  documents: readonly ArrayLike<number>[],
  positions: readonly TreePosition[],
  documentStarts: readonly number[],
  pastRows: number,
): void {
  for (const [i, at] of positions.entries()) {
    const { document, position, instruction, branches } = at;
    if (branches.length === 0) continue;
    requirePosition(`positions[${i}]`, at, documents);
    const prefix: TokenRun[] = [{ start: documentStarts[document], length: position }];
    const instructionStart = tokens.append([instruction], position, prefix);
    const whole = [...prefix, { start: instructionStart, length: instruction.length }];
    let row = tokens.append(branches.map(inputs), position + instruction.length, whole) - pastRows;
    for (const sampled of branches) {
      addBranch(branch, sampled, instructionStart - pastRows + instruction.length - 1, row);
      row += Math.max(0, sampled.length - 1);
    }
  }
}

/**
 * The tree of DESIGN's step: document → position → branch, each token once. A branch attends to the document up
 * to its position, to the instruction and to itself.
 *
 * @throws {RequestError} for a position that is not in its document, or has no instruction
 */
export function packTree(
  documents: readonly ArrayLike<number>[],
  positions: readonly TreePosition[],
): PackedTree {
  const tokens = packer();
  const branch = predictions();
  const trunk = predictions();
  const documentStarts = documents.map((document) => {
    const start = tokens.append([document], 0, []);
    addTrunk(trunk, document, start);
    return start;
  });
  addPositions(tokens, branch, documents, positions, documentStarts, 0);
  return {
    ...tokens.pack(),
    branchRows: branch.rows(),
    branchTargets: branch.targets(),
    trunkRows: trunk.rows(),
    trunkTargets: trunk.targets(),
  };
}

/**
 * The tree's branches alone, for a pass whose keys and values come after those of a pass over the documents.
 *
 * @param pastRows rows of the pass over the documents: one document after the other, and perhaps some that nobody reads
 */
export function packBranches(
  documents: readonly ArrayLike<number>[],
  pastRows: number,
  positions: readonly TreePosition[],
): PackedTree {
  const tokens = packer(pastRows);
  const branch = predictions();
  let next = 0;
  const documentStarts = documents.map(({ length }) => {
    next += length;
    return next - length;
  });
  addPositions(tokens, branch, documents, positions, documentStarts, pastRows);
  return {
    ...tokens.pack(),
    branchRows: branch.rows(),
    branchTargets: branch.targets(),
    trunkRows: new Int32Array(),
    trunkTargets: new Int32Array(),
  };
}

/**
 * The same predictions as `packTree`, computed as plain trainers do: every branch is a row of its own that
 * repeats its prefix and instruction. What the tree is tested and measured against.
 */
export function packRows(
  documents: readonly ArrayLike<number>[],
  positions: readonly TreePosition[],
): PackedTree {
  const tokens = packer();
  const branch = predictions();
  const trunk = predictions();
  for (const document of documents) addTrunk(trunk, document, tokens.append([document], 0, []));
  for (const [i, at] of positions.entries()) {
    const { document, position, instruction, branches } = at;
    if (branches.length === 0) continue;
    requirePosition(`positions[${i}]`, at, documents);
    const prompt = [...Array.from(documents[document]).slice(0, position), ...instruction];
    for (const sampled of branches) {
      const start = tokens.append([[...prompt, ...inputs(sampled)]], 0, []);
      addBranch(branch, sampled, start + prompt.length - 1, start + prompt.length);
    }
  }
  return {
    ...tokens.pack(),
    branchRows: branch.rows(),
    branchTargets: branch.targets(),
    trunkRows: trunk.rows(),
    trunkTargets: trunk.targets(),
  };
}
