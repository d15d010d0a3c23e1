import type { Policy } from '../policy/policy.js';
import { checkCompletions } from './check-request.js';
import type { CompletionRollout } from './completion-contract.js';
import { completionWriter } from './completion-writer.js';
import { type Prefilled, prefillTree } from './prefill-tree.js';
import { promptPosition } from './prompt-position.js';
import { decodeLanes } from './rollout.js';
import { readTrunk } from './trunk.js';

/**
 * Completes prompts on the tree: each prompt is read once, and all of its completions attend to that reading.
 *
 * @throws {RequestError} from the rollout, for a request that cannot be met
 */
export function treeCompletions(policy: Policy): CompletionRollout {
  return async (request) => {
    checkCompletions(request);
    const { prompts, groupSize, maxNewTokens, stopTokenIds, ...sampling } = request;
    if (prompts.length === 0) return [];
    const trunk = await readTrunk(policy, prompts, sampling.signal);
    let prefilled: Prefilled;
    try {
      prefilled = prefillTree(policy, trunk, prompts.map(promptPosition), groupSize, maxNewTokens);
    } finally {
      trunk.dispose();
    }
    const stops = new Set(stopTokenIds);
    const groups = prompts.map(() =>
      Array.from({ length: groupSize }, () => completionWriter(maxNewTokens, stops)),
    );
    await decodeLanes(policy, prefilled, groups.flat(), sampling);
    return groups.map((group) => group.map((writer) => writer.finish()));
  };
}
