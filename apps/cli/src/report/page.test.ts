import { expect, test } from 'vitest';
import { reportPage } from './page.js';
import type { RunData } from './run-data.js';

const HOSTILE = `</style><script>alert("x")</script><img src=x onerror='y'>`;
const accuracy = { n: 300, accuracy: 0.4, low: 0.35, high: 0.45 };
const result = { easy: accuracy, medium: accuracy, hard: accuracy, average: accuracy, meanLength: 12.3 };
const answered = { accuracy, format: accuracy, meanLength: 78.9, clippedRatio: 0.25 };
const outcome = { thought: HOSTILE, prediction: HOSTILE, length: 3, correct: true };

const run = (name: string): RunData => ({
  name,
  config: { model: HOSTILE, seed: 3, corpus: { files: [HOSTILE] } },
  configText: HOSTILE,
  steps: Array.from({ length: 40 }, (_, step) => ({
    step,
    loss: 1,
    policyLoss: 0.1,
    nextTokenLoss: 2,
    matchReward: 0.3,
    lengthReward: 0.5,
    reward: 0.32,
    rewardStd: 0.1,
    equalGroups: 0.4,
    wellFormed: 0.9,
    meanLength: 9,
    budget: 8,
    entropy: 1.1,
    kl: 0,
    tierShares: [0.5, 0.5],
    tierNames: [HOSTILE, 'hard'],
    tierDifficulties: [0.7, null],
    difficulty: 1,
    gradientNorm: 1,
    learningRate: 1e-4,
    tokens: 100,
    readTokens: 40,
    sampledTokens: 20,
    nextTokens: 35,
    seconds: 0.1,
  })),
  pretraining: [],
  postTraining: [],
  samples: [],
  answers: [
    {
      step: 0,
      questionId: HOSTILE,
      prompt: HOSTILE,
      gold: HOSTILE,
      completions: [
        { text: HOSTILE, length: 3, ended: true, reward: 1.1, accuracy: 1, format: 1, advantage: 0.7 },
      ],
    },
  ],
  summary: { before: answered, after: { ...answered, meanLength: 45.6 } },
  evaluation: {
    methods: [{ name: 'rmt', label: HOSTILE, result }],
    tiers: [{ name: 'hard', from: 1.5, to: null, count: 100 }],
    heatMap: { documentId: HOSTILE, tokens: [{ text: HOSTILE, before: 1.25, after: 0.5, tier: HOSTILE }] },
    thoughts: [
      {
        documentId: HOSTILE,
        position: 1,
        tier: HOSTILE,
        prefix: HOSTILE,
        target: HOSTILE,
        before: outcome,
        after: outcome,
      },
    ],
    notes: [HOSTILE],
  },
});

test('nothing in a run becomes mark-up, and nothing is loaded', () => {
  const page = reportPage([run(HOSTILE), run('b')]);
  expect(page).not.toMatch(/<(script|img|link|iframe)/i);
  expect(page).not.toMatch(/(?:src|href)="?https?:/);
  expect(page.match(/<\/style>/g)?.length).toBe(page.match(/<style/g)?.length);
});

test('shows figures as they are', () => {
  const page = reportPage([run('a')]);
  expect(page).toContain('<td>40.0<small>35.0 – 45.0</small></td>');
  expect(page).toContain('<td>12.3</td>');
  expect(page).toContain('<td>78.9</td><td>25.0</td>');
  expect(page).toContain('<td>45.6</td>');
  expect(page).toContain('Reward 1.10');
  expect(page).toContain('title="1.25 nats');
  expect(page).toContain('hard above 1.5 nats (100 positions)');
});

test('follows the reader’s colours in the charts as well', () => {
  const page = reportPage([run('a')]);
  expect(page).toContain('var(--series-1)');
  expect(page).not.toMatch(/#0101[01][0-9]/);
});
