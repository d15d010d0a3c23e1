import { fileURLToPath } from 'node:url';
import { packageFile } from '../../package-file.js';
import { COLD_START, coldStartDocuments } from '../../quickstart/base-run.js';
import { tokeniseProblem } from '../../quickstart/cold-start.js';
import { ASSETS } from '../../quickstart/stages.js';
import { readWorkedProblems, type WorkedProblem } from '../../quickstart/worked-problems.js';
import type { Scale, Study } from '../study.js';

/** Every fourth held-out problem is of the validation split, the others are of the test split. */
const VALIDATION_EVERY = 4;
/** GSM8K's held-out problems that are asked about for each of OlympiadBench's 97. */
const GSM8K_EACH = 4;
/** As in the quickstart's configurations. */
const MAX_TOKENS = 320;

const quickstart = (name: string): string => fileURLToPath(new URL(`quickstart/${name}.yaml`, ASSETS));
const postTraining = fileURLToPath(packageFile('examples/post-train-quickstart.yaml'));

const FULL: Scale = {
  seeds: 5,
  overrides: {
    base: [],
    'next-token': ['steps=100'],
    train: ['steps=100', 'batch.positions=32'],
    'post-train': ['evaluation.limit=200', 'steps=30', 'questions.limit=1000'],
  },
  documents: 400,
  perTier: { validation: 150, test: 300 },
  learningRates: [0.0002, 0.0004, 0.0008],
  minimumBudgets: [8, 11],
  sensitivity: { bothSides: true, seeds: 2 },
  seconds: { base: 165, 'next-token': 22, train: 55, 'post-train': 45 },
};

const QUICK: Scale = {
  seeds: 2,
  overrides: {
    base: ['steps=200'],
    'next-token': ['steps=20', 'batch.documents=4'],
    train: ['steps=20', 'batch.documents=4', 'batch.positions=16', 'batch.groupSize=4'],
    'post-train': [
      'steps=3',
      'evaluation.limit=24',
      'rollout.maxNewTokens=32',
      'batch.questions=4',
      'questions.limit=100',
    ],
  },
  documents: 40,
  perTier: { validation: 20, test: 40 },
  learningRates: [0.0004, 0.0008],
  minimumBudgets: [10],
  sensitivity: { bothSides: false, seeds: 1 },
  seconds: { base: 80, 'next-token': 6, train: 8, 'post-train': 10 },
};

const path = (name: string): string => fileURLToPath(new URL(`${name}/train.jsonl.gz`, ASSETS));
/** What its configurations set otherwise than the quickstart's. */
const CORPUS = [
  `corpus.files=${JSON.stringify([path('gsm8k'), path('olympiadbench')])}`,
  'corpus.overlong=truncate',
];

async function trainingProblems(): Promise<WorkedProblem[]> {
  const [gsm8k, olympiad] = await Promise.all([
    readWorkedProblems(ASSETS, 'train'),
    readWorkedProblems(ASSETS, 'train', 'olympiadbench'),
  ]);
  return [...gsm8k, ...olympiad];
}

/** Held-out problems of both, so mixed that any first part has both. */
async function heldOutProblems(): Promise<WorkedProblem[]> {
  const [gsm8k, olympiad] = await Promise.all([
    readWorkedProblems(ASSETS, 'test'),
    readWorkedProblems(ASSETS, 'test', 'olympiadbench'),
  ]);
  return olympiad.flatMap((problem, i) => [problem, ...gsm8k.slice(i * GSM8K_EACH, (i + 1) * GSM8K_EACH)]);
}

/** GSM8K and OlympiadBench: the quickstart's base, mid-training and questions. */
export const gsm8kStudy: Study = {
  name: 'gsm8k',
  title: 'GSM8K and OlympiadBench',
  description:
    'Grade-school maths problems with worked answers (openai/grade-school-math, MIT) and olympiad problems with solutions (OlympiadBench, Apache-2.0), cut to 320 tokens. The base has seen examples of thoughts: before the result of a calculation that GSM8K notes, that calculation; elsewhere a draft of what comes next, three in ten of which run on.',
  freshDocuments: false,
  scales: { full: FULL, quick: QUICK },
  open: async () => ({
    made: {
      validationEvery: VALIDATION_EVERY,
      gsm8kEach: GSM8K_EACH,
      maxTokens: MAX_TOKENS,
      coldStart: COLD_START,
    },
    configs: {
      base: { file: quickstart('base'), overrides: CORPUS },
      'next-token': { file: quickstart('continued'), overrides: CORPUS },
      train: { file: quickstart('rmt'), overrides: CORPUS },
      'post-train': { file: postTraining, overrides: [] },
    },
    coldStart: (rmt) => coldStartDocuments(rmt, trainingProblems),
    heldOut: async (split, tokenizer) =>
      (await heldOutProblems())
        .filter((_, i) => (i % VALIDATION_EVERY === 0) === (split === 'validation'))
        .map((problem) => tokeniseProblem(problem, tokenizer, MAX_TOKENS)),
  }),
};
