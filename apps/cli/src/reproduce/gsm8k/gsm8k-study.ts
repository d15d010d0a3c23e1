import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '@midtrain/core';
import { packageFile } from '../../package-file.js';
import { COLD_START, coldStartDocuments } from '../../quickstart/base-run.js';
import { tokeniseProblem } from '../../quickstart/cold-start.js';
import { ASSETS } from '../../quickstart/stages.js';
import {
  readProblemLines,
  readWorkedProblems,
  type WorkedProblem,
} from '../../quickstart/worked-problems.js';
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
  seconds: { base: 180, 'next-token': 45, train: 125, 'post-train': 90 },
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

/**
 * Of so many training problems the base reads so many, which are about as many as its steps take; the others are for what
 * goes on from it.
 */
const BASE_READS = { of: 11, problems: 6 };

const SOURCES = ['gsm8k', 'olympiadbench'] as const;

/** The training problems of both sources that the base reads, or those that it leaves. */
const partOf = <T>(problems: readonly T[], part: 'base' | 'rest'): T[] =>
  problems.filter((_, i) => i % BASE_READS.of < BASE_READS.problems === (part === 'base'));

async function baseProblems(): Promise<WorkedProblem[]> {
  const all = await Promise.all(SOURCES.map((source) => readWorkedProblems(ASSETS, 'train', source)));
  return all.flatMap((problems) => partOf(problems, 'base'));
}

/** Writes the problems that the base leaves, as mid-training and next-token training read them. */
async function writeRest(file: string): Promise<void> {
  if (existsSync(file)) return;
  const all = await Promise.all(SOURCES.map((source) => readProblemLines(ASSETS, 'train', source)));
  const lines = all.flatMap((problems) => partOf(problems, 'rest'));
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, `${lines.join('\n')}\n`);
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
  freshDocuments: true,
  scales: { full: FULL, quick: QUICK },
  async open(folder) {
    const rest = join(folder, 'train.jsonl');
    await writeRest(rest);
    // What its configurations set otherwise than the quickstart's.
    const corpus = [`corpus.files=${JSON.stringify(rest)}`, 'corpus.overlong=truncate'];
    return {
      made: {
        validationEvery: VALIDATION_EVERY,
        gsm8kEach: GSM8K_EACH,
        maxTokens: MAX_TOKENS,
        baseReads: BASE_READS,
        coldStart: COLD_START,
      },
      configs: {
        base: { file: quickstart('base'), overrides: corpus },
        'next-token': { file: quickstart('continued'), overrides: corpus },
        train: { file: quickstart('rmt'), overrides: corpus },
        'post-train': { file: postTraining, overrides: [] },
      },
      coldStart: (rmt) => coldStartDocuments(rmt, baseProblems),
      heldOut: async (split, tokenizer) =>
        (await heldOutProblems())
          .filter((_, i) => (i % VALIDATION_EVERY === 0) === (split === 'validation'))
          .map((problem) => tokeniseProblem(problem, tokenizer, MAX_TOKENS)),
    };
  },
};
