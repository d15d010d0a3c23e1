import { type RandomSource, seededRandom } from '@midtrain/curriculum';
import type { Policy } from '../policy/policy.js';
import { requirePrompt, requireWhole } from './check-request.js';
import { disposeLane } from './decode-lane.js';
import { firstTokens, nextTokens } from './decode-step.js';
import { prefillRows } from './prefill-rows.js';
import { yieldToEvents } from './yield-to-events.js';

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

/**
 * Continues a prompt, token by token, over a cache. Yields new tokens only, without the one that stopped it.
 *
 * @throws {RequestError} for a prompt without tokens, or no whole number of new ones
 * @throws whatever `options.signal` was aborted with, between two tokens
 */
export async function* generate(
  policy: Policy,
  options: GenerateOptions,
): AsyncGenerator<number, void, void> {
  const { promptTokenIds, maxNewTokens, temperature = 1, seed = 0, signal } = options;
  const stops = new Set(options.stopTokenIds ?? policy.config.eosTokenIds);
  const random: RandomSource = seededRandom(seed, 'generate');
  requirePrompt('promptTokenIds', promptTokenIds);
  requireWhole('maxNewTokens', maxNewTokens, 1);
  await yieldToEvents(signal);
  const prefilled = prefillRows(policy, [promptTokenIds], maxNewTokens);
  const { lanes, hidden_B_D } = prefilled;
  const sampling = { temperature, random };
  try {
    let made = 0;
    let sampled = await firstTokens(policy, lanes, hidden_B_D, sampling);
    for (;;) {
      const [tokenId] = sampled.tokenIds;
      if (stops.has(tokenId)) return;
      yield tokenId;
      if (++made >= maxNewTokens) return;
      await yieldToEvents(signal);
      sampled = await nextTokens(policy, lanes, sampled.tokenIds, sampling);
    }
  } finally {
    hidden_B_D.dispose();
    for (const lane of lanes) disposeLane(lane);
  }
}
