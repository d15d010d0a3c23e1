import { beforeAll, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { tinyPolicy } from '../../test/tiny-policy.js';
import type { Policy } from '../policy/policy.js';
import { type GenerateOptions, generate } from './generate.js';

beforeAll(startBackend);

const SAMPLED = { promptTokenIds: [3, 11, 5], maxNewTokens: 12, temperature: 1, seed: 4 };

async function collect(policy: Policy, options: GenerateOptions): Promise<number[]> {
  const ids: number[] = [];
  for await (const id of generate(policy, options)) ids.push(id);
  return ids;
}

it('ends before any of the ids that end a text, whichever comes first', async () => {
  const policy = tinyPolicy(7);
  const all = await collect(policy, { ...SAMPLED, stopTokenIds: [] });
  expect(new Set(all).size).toBeGreaterThan(3);
  const distinct = [...new Set(all)];
  for (const eosTokenIds of [[distinct[1]], [39, distinct[2]], [distinct[3], distinct[1]]]) {
    const end = all.findIndex((id) => eosTokenIds.includes(id));
    const chat = { ...policy, config: { ...policy.config, eosTokenIds } };
    expect(await collect(chat, SAMPLED)).toEqual(all.slice(0, end));
  }
});
