import { fileURLToPath } from 'node:url';
import { budgetInstruction } from '@midtrain/budget';
import { thoughtFormat } from '@midtrain/core';
import { seededRandom } from '@midtrain/curriculum';
import { ASSETS } from '../../quickstart/stages.js';
import type { Scale, Study } from '../study.js';
import { studyColdStart } from './cold-start.js';
import { controlledCorpus } from './controlled-corpus.js';
import { controlledFiles, writeControlledFiles } from './controlled-files.js';
import { CONTROLLED_DEFAULTS } from './controlled-options.js';

/** The cold start's figures (ours): the base can look up, now and then goes astray, and overthinks. */
const COLD_START = {
  share: 1,
  perDocument: 3,
  atValues: 0.8,
  wrong: 0.15,
  again: [0.9, 0.7, 0.5],
  budgets: [5, 20],
} as const;

const FULL: Scale = {
  seeds: 5,
  overrides: { base: [], 'next-token': [], train: [], 'post-train': [] },
  documents: 1000,
  perTier: { validation: 150, test: 300 },
  learningRates: [0.00025, 0.0005, 0.001],
  minimumBudgets: [7, 10],
  sensitivity: { bothSides: true, seeds: 2 },
  seconds: { base: 65, 'next-token': 8, train: 50, 'post-train': 15 },
};

const QUICK: Scale = {
  seeds: 2,
  overrides: {
    base: ['steps=900'],
    'next-token': ['steps=20'],
    train: ['steps=20', 'batch.positions=16', 'batch.groupSize=4'],
    'post-train': ['steps=3', 'evaluation.limit=24', 'batch.questions=4', 'questions.limit=100'],
  },
  documents: 60,
  perTier: { validation: 20, test: 40 },
  learningRates: [0.0005, 0.001],
  minimumBudgets: [7],
  sensitivity: { bothSides: false, seeds: 1 },
  seconds: { base: 35, 'next-token': 3, train: 6, 'post-train': 6 },
};

const configFile = (name: string): string => fileURLToPath(new URL(`controlled/${name}.yaml`, ASSETS));

/** A generated corpus with an answer key, on which thinking can be shown to pay. */
export const controlledStudy: Study = {
  name: 'controlled',
  title: 'a controlled corpus',
  description:
    'Generated documents in which each name stands for another name or a value, in shuffled order, and in which the values of some names are then told in turn: to know one, as many definitions have to be looked up, one after the other, as its chain is long. That number is known for each token. The base has seen examples of thoughts, some wrong and many too long.',
  freshDocuments: true,
  scales: { full: FULL, quick: QUICK },
  async open(folder) {
    const corpus = controlledCorpus();
    await writeControlledFiles(folder, corpus, CONTROLLED_DEFAULTS);
    const files = controlledFiles(folder);
    const set = (field: string, value: string) => `${field}=${JSON.stringify(value)}`;
    const train = set('corpus.files', files.train);
    return {
      made: { corpus: CONTROLLED_DEFAULTS, coldStart: COLD_START },
      configs: {
        base: {
          file: configFile('base'),
          overrides: [set('corpus.files', files.base), set('newModel.tokenizer', files.tokenizer)],
        },
        'next-token': { file: configFile('next-token'), overrides: [train] },
        train: { file: configFile('rmt'), overrides: [train] },
        'post-train': {
          file: configFile('post-train'),
          overrides: [
            set('questions.files', files.trainQuestions),
            set('evaluation.files', files.testQuestions),
          ],
        },
      },
      coldStart:
        ({ instruction }) =>
        async ({ tokenizer }, { config }) =>
          studyColdStart(corpus.base, {
            ...COLD_START,
            format: thoughtFormat({
              tokenizer,
              instruction: budgetInstruction({ template: instruction.template }),
            }),
            random: seededRandom(config.seed, 'cold start'),
          }),
      heldOut: async (split) => corpus[split],
    };
  },
};
