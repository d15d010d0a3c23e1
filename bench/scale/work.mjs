// How much there is to do in a step, by part and kind, from its sizes alone.
import { BRANCHES, INSTRUCTION, MODEL, NEW_TOKENS } from './workloads.mjs';

/** Queries of a block of attention, and scores computed at a time: see packages/kernels/src/ops/tree-attention. */
const BLOCK = 128;
const SIBLINGS = 96;
const CALL_SCORES = 2 ** 19;

/** Blocks of queries × keys as attention's kernel computes them, those alike in one call: how many calls, how many scores. */
function attentionOf(blocks) {
  const { layers, heads } = MODEL;
  const alike = new Map();
  for (const [queries, keys] of blocks) {
    const size = `${queries},${keys}`;
    alike.set(size, { scores: heads * queries * keys, count: (alike.get(size)?.count ?? 0) + 1 });
  }
  let [calls, units] = [0, 0];
  for (const { scores, count } of alike.values()) {
    calls +=
      layers *
      (scores > CALL_SCORES
        ? count * Math.ceil(scores / CALL_SCORES)
        : Math.ceil(count / Math.floor(CALL_SCORES / scores)));
    units += (layers * scores * count) / 1e6;
  }
  return { calls, units };
}

/** The work of each part of a step, in the kinds' units; where a kernel's call is several of the engine's, those. */
export function workOf({ documents, tokens, positions }, places) {
  const { hiddenSize: d, intermediateSize: f, layers, heads, vocabularySize } = MODEL;
  const groups = documents * positions;
  const branches = groups * BRANCHES;
  const trunk = documents * tokens;
  const instructions = groups * INSTRUCTION;
  const own = branches * (NEW_TOKENS - 1) + instructions;
  const product = (count) => ({ units: (count * layers * 2 * (4 * d * d + 3 * d * f)) / 1e9 });
  const head = (count) => ({ units: (count * 2 * d * vocabularySize) / 1e9 });
  const tokenWise = (count) => ({ units: (count * layers) / 1e3 });
  const read = Array.from({ length: documents }, () =>
    Array.from({ length: Math.ceil(tokens / BLOCK) }, (_, i) => {
      const queries = Math.min(BLOCK, tokens - i * BLOCK);
      return [queries, i * BLOCK + queries];
    }),
  ).flat();
  const asked = places.map((position) => [INSTRUCTION, position + INSTRUCTION]);
  const together = Math.floor(SIBLINGS / (NEW_TOKENS - 1)) * (NEW_TOKENS - 1);
  const thought = places.flatMap((position) =>
    Array.from({ length: Math.ceil((BRANCHES * (NEW_TOKENS - 1)) / together) }, (_, i) => {
      const queries = Math.min(together, BRANCHES * (NEW_TOKENS - 1) - i * together);
      return [queries, position + INSTRUCTION + queries];
    }),
  );
  return {
    trunk: {
      products: product(trunk),
      head: head(trunk),
      attention: attentionOf(read),
      tokenWise: tokenWise(trunk),
    },
    rollout: {
      products: product(own),
      head: head(branches * NEW_TOKENS),
      attention: attentionOf(asked),
      // A branch's scores are computed over the whole document and masked.
      decodeAttention: {
        units: (branches * (NEW_TOKENS - 1) * (tokens + INSTRUCTION + NEW_TOKENS) * layers * heads) / 1e6,
      },
      tokenWise: tokenWise(own),
    },
    update: {
      products: { units: 3 * product(trunk + own).units },
      // Logits forward, again backward, and two products for the gradients.
      head: { units: 4 * head(trunk + branches * NEW_TOKENS).units },
      attention: attentionOf([...read, ...asked, ...thought]),
      attentionGradient: attentionOf([...read, ...asked, ...thought]),
      tokenWise: { units: 3 * tokenWise(trunk + own).units },
    },
  };
}
