import { beforeAll, expect, test } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import { TINY, tinyPolicy } from '../../test/tiny-policy.js';
import { readTrunk } from '../tree/trunk.js';
import { chooseEvaluationPositions } from './evaluation-positions.js';

beforeAll(startBackend);

const documents = [12, 9, 2, 15].map((length, document) => ({
  id: String(document),
  tokenIds: Int32Array.from({ length }, (_, i) => (5 * i + 3 * document) % TINY.vocabularySize),
  firstCandidate: 4,
}));

/** Entropies of all candidates, document by document. */
async function candidates(policy: ReturnType<typeof tinyPolicy>) {
  const all: { document: number; position: number; entropy: number }[] = [];
  for (const [document, { tokenIds, firstCandidate }] of documents.entries()) {
    const trunk = await readTrunk(policy, [tokenIds]);
    for (let position = firstCandidate; position < tokenIds.length; position++)
      all.push({ document, position, entropy: trunk.readings[0].entropies[position] });
    trunk.dispose();
  }
  return all;
}

test('draws from each tier no more than asked, each position weighed by the tokens that it stands for', async () => {
  const policy = tinyPolicy(4);
  const all = await candidates(policy);
  const sorted = all.map(({ entropy }) => entropy).sort((a, b) => a - b);
  // Of 24 candidates one lies in no tier, 4 in the first, 12 in the second, none in the third, 7 in the last.
  const between = (i: number) => (sorted[i - 1] + sorted[i]) / 2;
  const cuts = [between(1), between(5), between(17), between(17), Number.POSITIVE_INFINITY];
  const tiers = ['a', 'b', 'c', 'd'].map((name, i) => ({ name, from: cuts[i], to: cuts[i + 1] }));
  const chosen = await chooseEvaluationPositions({
    policy,
    documents,
    tiers,
    perTier: 5,
    seed: 1,
    documentsPerPass: 3,
  });
  expect(all).toHaveLength(24);
  expect([0, 1, 2, 3].map((tier) => chosen.filter((at) => at.tier === tier).length)).toEqual([4, 5, 0, 5]);
  for (const [tier, size] of [4, 12, 0, 7].entries()) {
    const own = chosen.filter((at) => at.tier === tier);
    expect(own.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(size, 10);
    expect(new Set(own.map(({ weight }) => weight)).size).toBe(Math.min(size, 1));
  }
  for (const { document, position, entropy, tier } of chosen) {
    const known = all.find((at) => at.document === document && at.position === position);
    expect(entropy).toBeCloseTo(known?.entropy ?? Number.NaN, 5);
    expect(entropy).toBeGreaterThanOrEqual(tiers[tier].from);
    expect(entropy).toBeLessThan(tiers[tier].to);
  }
  const places = chosen.map(({ document, position }) => 100 * document + position);
  expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
});
