import { seededRandom } from '@midtrain/curriculum';
import { expect, test } from 'vitest';
import {
  ABLATIONS,
  ADAPTIVE,
  atRmtRate,
  BASE,
  type Method,
  methods,
  NEXT_TOKEN_COMPUTE,
  NO_NEXT_TOKEN,
  RMT,
  RPT,
} from '../../methods.js';
import type { RmtDefaults } from '../../rmt-defaults.js';
import { differences } from '../differences.js';
import type { FinishedRun } from '../finished-run.js';
import { methodEntry } from '../method-entries.js';
import type { PostTrainingEntry, Verdict } from '../results.js';
import { verdicts } from './claims.js';

const DEFAULTS: RmtDefaults = {
  initialTokens: 24,
  decay: 0.4,
  minTokens: 1,
  thresholds: [0.5, 1, 1.5],
  start: 0.3,
  end: 0.7,
  lengthWeight: 0.1,
  lambda: 0.1,
  groupSize: 8,
  advantageScale: 'none',
  lengthOnlyIfMatched: true,
  loss: 'grpo',
};
const METHODS = methods(DEFAULTS, [9]);
const POSITIONS = Array.from({ length: 300 }, (_, i) => ({
  document: i,
  documentId: String(i),
  position: 5,
  entropy: 1,
  tier: i % 3,
  // Of ten tokens seven are easy and one is hard.
  weight: [7, 2, 1][i % 3],
}));

type Shares = number | readonly [easy: number, medium: number, hard: number];

/** How a method does: shares predicted right, without and with reasoning, and tokens of a thought. */
type Level = readonly [without: number, thinking: Shares, length: number];

function run(method: string, seed: number, [without, thinking, length]: Level): FinishedRun {
  const random = seededRandom(seed, method);
  const digits = (share: Shares) =>
    POSITIONS.map(({ tier }) =>
      Number(random.next() < (typeof share === 'number' ? share : share[tier])),
    ).join('');
  return {
    planned: { id: `${method}/seed-${seed}`, seed, method },
    folder: `runs/${method}/seed-${seed}`,
    config: { steps: 10 },
    cost: { tokens: 1, flops: 1, sampledTokens: 1, nextTokens: 1, seconds: 1 },
    evaluation: {
      budget: 9,
      correct: digits(without),
      correctThinking: digits(thinking),
      wellFormed: digits(0.9),
      lengths: POSITIONS.map(() => length + Math.round(random.next())),
    },
    positions: POSITIONS,
  } as unknown as FinishedRun;
}

/** The verdicts, first words of the claims as keys, where methods do as they are said to and all others as RMT. */
function verdictsOf(
  levels: Readonly<Record<string, Level>>,
  filteredTiers: readonly number[] = [0, 1, 2],
  postTraining: readonly PostTrainingEntry[] = [],
): Map<string, Verdict> {
  const runs = new Map(
    METHODS.map(({ id, twinOf }: Method) => [
      id,
      [0, 1, 2, 3].map((seed) => run(id, seed, levels[id] ?? levels[twinOf ?? ''] ?? levels[RMT])),
    ]),
  );
  const runsOf = (method: string) => runs.get(method) ?? [];
  const side = (method: string, thinking: boolean) => ({
    method,
    thinking,
    label: method,
    runs: runsOf(method),
  });
  const found = verdicts({
    methods: METHODS.map((method) => methodEntry(method, runsOf(method.id))),
    differences: differences(METHODS, side),
    postTraining,
    sensitivity: [],
    runsOf,
    filteredTiers,
  });
  return new Map(found.map((one) => [one.claim, one]));
}

const verdict = (found: Map<string, Verdict>, words: RegExp) =>
  [...found].find(([claim]) => words.test(claim))?.[1].verdict;

test('a claim holds where the whole of it does', { timeout: 60_000 }, () => {
  const found = verdictsOf({
    [RMT]: [0.5, 0.8, 4],
    [RPT]: [0.5, 0.4, 30],
    [BASE]: [0.5, 0.3, 30],
    [ADAPTIVE]: [0.5, 0.95, 4],
    ...Object.fromEntries(ABLATIONS.map((id) => [id, [0.5, 0.6, 5]])),
  });
  for (const [claim, { verdict: word, hypothesis }] of found) {
    expect(word, claim).toBe('holds');
    expect(hypothesis).toBeUndefined();
  }
});

test('direction and size are claims of their own; of the length one whose direction alone holds holds partly', {
  timeout: 60_000,
}, () => {
  const found = verdictsOf({ [RMT]: [0.5, 0.7, 15], [RPT]: [0.5, 0.55, 30], [BASE]: [0.5, 0.3, 30] });
  expect(verdict(found, /^RMT predicts/)).toBe('holds');
  expect(verdict(found, /^RMT's accuracy is 60 %/)).toBe('contradicted');
  expect(verdict(found, /^RMT's thoughts/)).toBe('partly');
});

test('one that chance would explain is not shown, one that goes the other way is contradicted, both with a reason', {
  timeout: 60_000,
}, () => {
  const found = verdictsOf({
    [RMT]: [0.5, 0.5, 30],
    [RPT]: [0.5, 0.5, 10],
    [BASE]: [0.7, 0.65, 30],
    [ABLATIONS[1]]: [0.5, 0.65, 30],
  });
  expect(verdict(found, /^RMT predicts/)).toBe('not shown');
  expect(verdict(found, /^RMT's thoughts/)).toBe('contradicted');
  expect(verdict(found, /token budget/)).toBe('not shown');
  expect(verdict(found, /curriculum/)).toBe('contradicted');
  expect(verdict(found, /own thoughts/)).toBe('contradicted');
  expect(verdict(found, /thinking predicts better/)).toBe('contradicted');
  for (const { verdict: word, hypothesis, experiment, folders } of found.values()) {
    if (word !== 'holds') expect(`${hypothesis} ${experiment}`).not.toMatch(/undefined|NaN/);
    expect(folders.length).toBeGreaterThan(0);
  }
});

test('RPT is judged by the tokens that its filter keeps', { timeout: 60_000 }, () => {
  const levels: Record<string, Level> = { [RMT]: [0.5, 0.6, 10], [RPT]: [0.5, [0.1, 0.6, 0.6], 10] };
  expect(verdict(verdictsOf(levels), /^RMT predicts/)).toBe('holds');
  const found = verdictsOf(levels, [1, 2]);
  expect(verdict(found, /^RMT predicts/)).toBe('not shown');
  const [claim] = found.values();
  // Easy tokens are a third of the tiers' mean and seven tenths of all tokens.
  expect(claim.evidence).toMatch(
    /on the tokens that RPT’s filter keeps: .* In the mean of the tiers \+1[4-9].*, over all tokens \+3[1-9]/,
  );
});

test('a gain that no method could reach is said to be one', { timeout: 60_000 }, () => {
  const size = (rpt: number) =>
    [...verdictsOf({ [RMT]: [0.5, 0.9, 10], [RPT]: [0.5, rpt, 10] })].find(([claim]) =>
      /60 %/.test(claim),
    )?.[1];
  expect(size(0.7)).toMatchObject({
    verdict: 'contradicted',
    hypothesis: expect.stringMatching(/^No method could/),
  });
  expect(size(0.58)?.hypothesis).not.toMatch(/No method could/);
  expect(size(0.3)?.verdict).toBe('holds');
});

test('thinking is judged where it can pay, on hard tokens, and told over all', { timeout: 60_000 }, () => {
  const [hard] = [
    ...verdictsOf({
      [RMT]: [0.8, [0.7, 0.7, 0.95], 10],
      [BASE]: [0.8, 0.5, 10],
      [NEXT_TOKEN_COMPUTE]: [0.8, 0.5, 10],
    }),
  ]
    .filter(([claim]) => /thinking predicts better/.test(claim))
    .map(([, one]) => one);
  expect(hard.verdict).toBe('holds');
  expect(hard.evidence).toMatch(
    /^Against the base \+1[0-9].* on hard tokens, .* −[0-9.]+ points .* over all tokens; /,
  );
});

test('post-training that taught nothing is said to have taught nothing', { timeout: 60_000 }, () => {
  const estimate = (value: number, half: number) => ({
    value,
    low: value - half,
    high: value + half,
    bySeed: [],
  });
  const entry = (method: string, gain: number) => ({
    method,
    label: method,
    folders: [method],
    questions: 100,
    before: estimate(0.6, 0.02),
    after: estimate(0.6 + gain, 0.02),
    gain: estimate(gain, 0.02),
    overBase: method === BASE ? null : estimate(0.01, 0.02),
    lengthBefore: 1,
    lengthAfter: 1,
  });
  const reason = (gains: readonly [number, number]) =>
    [
      ...verdictsOf(
        { [RMT]: [0.5, 0.5, 10] },
        [0, 1, 2],
        [entry(BASE, gains[0]), entry(RMT, gains[1])],
      ).values(),
    ].find(({ claim }) => /^Post-training/.test(claim))?.hypothesis;
  expect(reason([0.01, 0.01])).toMatch(/not shown to have taught anything/);
  expect(reason([0.1, 0.01])).toMatch(/teaches from either start/);
});

test('thinking has to beat as much next-token training as well', { timeout: 60_000 }, () => {
  const levels: Record<string, Level> = { [RMT]: [0.5, 0.7, 10], [BASE]: [0.5, 0.5, 10] };
  const beside = (without: number) =>
    verdict(verdictsOf({ ...levels, [NEXT_TOKEN_COMPUTE]: [without, 0.5, 10] }), /thinking predicts better/);
  expect([0.5, 0.7, 0.9].map(beside)).toEqual(['holds', 'not shown', 'contradicted']);
});

test('a component that matters at one rate alone matters partly', { timeout: 60_000 }, () => {
  const [id] = ABLATIONS;
  const at = (own: number, alike: number) =>
    verdict(
      verdictsOf({ [RMT]: [0.5, 0.6, 10], [id]: [0.5, own, 10], [atRmtRate(id)]: [0.5, alike, 10] }),
      /token budget/,
    );
  expect(at(0.4, 0.4)).toBe('holds');
  expect(at(0.4, 0.6)).toBe('partly');
  expect(at(0.6, 0.4)).toBe('partly');
  expect(at(0.4, 0.8)).toBe('not shown');
  expect(at(0.8, 0.8)).toBe('contradicted');
});

/** What is said of a claim that does not show. */
const hypothesis = (found: Map<string, Verdict>, words: RegExp) =>
  [...found].find(([claim]) => words.test(claim))?.[1].hypothesis;

test('a budget that made thoughts longer is not said to have cut them short', { timeout: 60_000 }, () => {
  const [id] = ABLATIONS;
  const beside = (length: number) =>
    verdictsOf({ [RMT]: [0.5, 0.5, 10], [RPT]: [0.5, 0.5, length], [id]: [0.5, 0.5, length] });
  expect(hypothesis(beside(4), /token budget/)).toMatch(/^The length’s reward .* brings them to 4\.\d\./);
  expect(hypothesis(beside(4), /^RMT's thoughts/)).toMatch(/^RPT’s thoughts got short by themselves/);
  expect(hypothesis(beside(20), /token budget/)).toMatch(/^The budget trades accuracy for length/);
  expect(hypothesis(beside(20), /^RMT's thoughts/)).toMatch(/^The share follows from the budget/);
});

test('what the next-token loss keeps without a thought is told, and not explained away', {
  timeout: 60_000,
}, () => {
  const without = (share: number) => verdictsOf({ [RMT]: [0.7, 0.5, 10], [NO_NEXT_TOKEN]: [share, 0.5, 10] });
  expect(hypothesis(without(0.5), /next-token loss/)).toMatch(/^The loss keeps what the model predicts/);
  expect(hypothesis(without(0.7), /next-token loss/)).toMatch(/^So few updates hardly move/);
  const evidence = [...without(0.5).values()].find(({ claim }) => /next-token loss/.test(claim))?.evidence;
  expect(evidence).toMatch(/ Without a thought \+(1[5-9]|2\d)\.\d points \(/);
});
