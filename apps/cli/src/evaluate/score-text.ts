import { type Accuracy, type Policy, readTrunk, wilsonInterval } from '@midtrain/core';
import type { RangedTiers } from '@midtrain/curriculum';

/** Next-token accuracy on a range of entropies, nats: from < entropy ≤ to. */
interface TierScore extends Accuracy {
  readonly name: string;
  readonly from: number;
  /** Infinity for the hardest. */
  readonly to: number;
}

/** How well a policy predicts texts, without reasoning. */
export interface TextScore {
  /** Tokens that were predicted: all but each document's first. */
  readonly tokens: number;
  /** Nats a token. */
  readonly nll: number;
  readonly accuracy: Accuracy;
  /** By the policy's own entropy at the token. */
  readonly tiers: readonly TierScore[];
}

export interface ScoreTextOptions {
  readonly policy: Policy;
  readonly documents: readonly Int32Array[];
  readonly tiers: RangedTiers;
  /** Tokens read in one pass; a longer document is read alone. Default 4096. */
  readonly tokensPerPass?: number;
  readonly onProgress?: (documents: number) => void;
}

function* passes(documents: readonly Int32Array[], tokensPerPass: number): Generator<Int32Array[]> {
  let pass: Int32Array[] = [];
  let tokens = 0;
  for (const document of documents) {
    if (pass.length > 0 && tokens + document.length > tokensPerPass) {
      yield pass;
      pass = [];
      tokens = 0;
    }
    pass.push(document);
    tokens += document.length;
  }
  if (pass.length > 0) yield pass;
}

/** Scores every token of the documents from their second on, given all before it. */
export async function scoreText(options: ScoreTextOptions): Promise<TextScore> {
  const { policy, documents, tiers, tokensPerPass = 4096, onProgress } = options;
  const right = { all: 0, tiers: tiers.ranges.map(() => 0) };
  const seen = { all: 0, tiers: tiers.ranges.map(() => 0) };
  let nats = 0;
  let read = 0;
  for (const pass of passes(documents, tokensPerPass)) {
    const trunk = await readTrunk(policy, pass);
    trunk.dispose();
    trunk.readings.forEach(({ entropies, logProbs, greedyTokenIds }, i) => {
      const tierOf = tiers.assign(Array.from(entropies.subarray(1)));
      for (let at = 1; at < pass[i].length; at++) {
        const correct = Number(greedyTokenIds[at] === pass[i][at]);
        const tier = tierOf[at - 1];
        nats -= logProbs[at];
        seen.all++;
        right.all += correct;
        if (tier < 0) continue;
        seen.tiers[tier]++;
        right.tiers[tier] += correct;
      }
    });
    read += pass.length;
    onProgress?.(read);
  }
  return {
    tokens: seen.all,
    nll: seen.all === 0 ? 0 : nats / seen.all,
    accuracy: wilsonInterval(right.all, seen.all),
    tiers: tiers.ranges.map((range, tier) => ({
      ...range,
      ...wilsonInterval(right.tiers[tier], seen.tiers[tier]),
    })),
  };
}
