import { join } from 'node:path';
import { budgetInstruction } from '@midtrain/budget';
import {
  disposePolicy,
  type EvaluationPosition,
  type PositionOutcome,
  type Tokenizer,
  thoughtFormat,
  writeJsonFile,
} from '@midtrain/core';
import { difficultyQuantiles } from '@midtrain/curriculum';
import { makeBudget } from '../../components/budget.js';
import { componentSource } from '../../components/component-source.js';
import type { TrainConfig } from '../../config/train-config.js';
import { askPositions, evaluationResult, thoughtOutcome } from '../../evaluate/ask-positions.js';
import { openModel } from '../../model/open-model.js';
import type { Evaluation, ThoughtOutcome } from '../../report/evaluation-data.js';
import { readOptional } from '../../run/read-optional.js';
import type { Split } from '../study.js';
import type { HeldOutPositions } from './held-out-positions.js';

/** A thought at a position, for people to read. */
export interface ThoughtSample extends ThoughtOutcome {
  /** Which of the positions it is. */
  readonly index: number;
  readonly prefix: string;
  readonly target: string;
}

/** What a run's model predicted at each held-out position, a character or number each: `evaluation.json`. */
export interface RunEvaluation extends Evaluation {
  readonly split: Split;
  /** Mean budget that was asked for, and where thoughts were cut off, in tokens. */
  readonly budget: number;
  readonly maxThoughtTokens: number;
  /** 1 where the next token was right, without and with reasoning. */
  readonly correct: string;
  readonly correctThinking: string;
  /** 1 where the thought was closed and followed by a prediction. */
  readonly wellFormed: string;
  /** Tokens of each thought. */
  readonly lengths: readonly number[];
  readonly samples: readonly ThoughtSample[];
  readonly seconds: number;
}

export interface EvaluateRunOptions {
  readonly folder: string;
  readonly label: string;
  readonly split: Split;
  readonly heldOut: HeldOutPositions;
  /** How it was trained to think: its budget at the last step is what it is asked for. */
  readonly training: Pick<TrainConfig, 'budget' | 'instruction' | 'steps'>;
  /** Step of `training` whose budget is asked for: the last, or the first for a model that was not trained by it. */
  readonly step: number;
  /** Where thoughts of all methods are cut off, in tokens. */
  readonly maxThoughtTokens: number;
}

const SAMPLES = 12;
const PREFIX_TOKENS = 60;

export const evaluationFile = (folder: string, split: Split): string =>
  join(folder, split === 'test' ? 'evaluation.json' : `${split}.json`);

export const readEvaluation = (folder: string, split: Split): Promise<RunEvaluation | undefined> =>
  readOptional<RunEvaluation>(evaluationFile(folder, split), JSON.parse);

/** The budget of each position: that of a step of training, for the position's quantile of difficulty. */
async function budgetsOf(
  { training, step }: EvaluateRunOptions,
  positions: readonly EvaluationPosition[],
): Promise<readonly number[]> {
  const budget = await makeBudget(training.budget, componentSource('config.yaml'));
  const quantiles = difficultyQuantiles(positions.map(({ entropy }) => entropy));
  return Array.from(quantiles, (difficulty) => budget({ step, totalSteps: training.steps, difficulty }));
}

const digits = (flags: readonly boolean[]): string => flags.map(Number).join('');

function samplesOf(
  outcomes: readonly PositionOutcome[],
  documents: HeldOutPositions['documents'],
  tokenizer: Tokenizer,
): ThoughtSample[] {
  const every = Math.max(1, Math.floor(outcomes.length / SAMPLES));
  return Array.from({ length: Math.min(SAMPLES, outcomes.length) }, (_, i) => {
    const index = i * every;
    const outcome = outcomes[index];
    const { tokenIds } = documents[outcome.document];
    const { position } = outcome;
    return {
      index,
      prefix: tokenizer.decode(tokenIds.slice(Math.max(0, position - PREFIX_TOKENS), position)),
      target: tokenizer.decode(tokenIds.slice(position, position + 1)),
      ...thoughtOutcome(outcome, tokenizer),
    };
  });
}

/** Asks a run's model about held-out positions, without and with reasoning, and leaves the outcomes in its folder. */
export async function evaluateRun(options: EvaluateRunOptions): Promise<void> {
  const { folder, label, split, training, maxThoughtTokens } = options;
  const { documents, positions } = options.heldOut;
  const started = performance.now();
  const { policy, tokenizer } = await openModel(join(folder, 'model'));
  const budgets = await budgetsOf(options, positions);
  const index = new Map<EvaluationPosition, number>(positions.map((at, i) => [at, i]));
  const instruction = budgetInstruction({ template: training.instruction.template });
  const asked = { policy, documents, positions };
  const without = await askPositions(label, asked);
  const thinking = await askPositions(`${label}, thinking`, {
    ...asked,
    reasoning: {
      format: thoughtFormat({ tokenizer, instruction }),
      budget: (at) => budgets[index.get(at) as number],
      maxThoughtTokens,
    },
  });
  disposePolicy(policy);
  const mean = budgets.reduce((sum, budget) => sum + budget, 0) / Math.max(1, budgets.length);
  await writeJsonFile(evaluationFile(folder, split), {
    methods: [
      { name: 'without', label: 'without reasoning', result: evaluationResult(without) },
      { name: 'thinking', label: 'with reasoning', result: evaluationResult(thinking) },
    ],
    notes: [
      `Held-out positions of the ${split} split, in tiers by the base’s entropy; asked for ${mean.toFixed(1)} tokens of reasoning, cut off at ${maxThoughtTokens}.`,
    ],
    split,
    budget: mean,
    maxThoughtTokens,
    correct: digits(without.map(({ correct }) => correct)),
    correctThinking: digits(thinking.map(({ correct }) => correct)),
    wellFormed: digits(thinking.map(({ branch }) => branch?.wellFormed ?? false)),
    lengths: thinking.map(({ branch }) => branch?.thoughtTokenIds.length ?? 0),
    samples: samplesOf(thinking, documents, tokenizer),
    seconds: (performance.now() - started) / 1000,
  } satisfies RunEvaluation);
}
