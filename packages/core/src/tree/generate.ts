import { type RandomSource, seededRandom } from '@midtrain/curriculum';
import type { Policy } from '../policy/policy.js';
import { disposeLane } from './decode-lane.js';
import { prefillRows } from './prefill-rows.js';
import { decodeStep, sampleStep } from './rollout.js';

export interface GenerateOptions {
  /** At least one token. */
  readonly promptTokenIds: readonly number[];
  /** ≥ 1 */
  readonly maxNewTokens: number;
  /** 0 takes the most likely token. Default 1. */
  readonly temperature?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Generation ends before any of these; default the model's own. */
  readonly stopTokenIds?: readonly number[];
  readonly signal?: AbortSignal;
}

/** Continues a prompt, token by token, over a cache. Yields new tokens only, without the one that stopped it. */
export async function* generate(
  policy: Policy,
  options: GenerateOptions,
): AsyncGenerator<number, void, void> {
  const { promptTokenIds, maxNewTokens, temperature = 1, seed = 0, signal } = options;
  const stops = new Set(options.stopTokenIds ?? policy.config.eosTokenIds);
  const random: RandomSource = seededRandom(seed, 'generate');
  const prefilled = prefillRows(policy, [promptTokenIds], maxNewTokens);
  const [lane] = prefilled.lanes;
  let hidden = prefilled.hidden_B_D;
  try {
    for (let made = 0; made < maxNewTokens; made++) {
      signal?.throwIfAborted();
      const { tokenIds } = await sampleStep(policy, hidden, { temperature, random });
      if (stops.has(tokenIds[0])) return;
      yield tokenIds[0];
      if (made + 1 === maxNewTokens) return;
      hidden = decodeStep(policy, prefilled.lanes, tokenIds);
      lane.column += 1;
      lane.positions = lane.positions.map((position) => position + 1);
    }
  } finally {
    hidden.dispose();
    disposeLane(lane);
  }
}
