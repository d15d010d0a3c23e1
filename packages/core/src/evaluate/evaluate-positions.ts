import { type RandomSource, seededRandom } from '@midtrain/curriculum';
import type { Policy } from '../policy/policy.js';
import type { TrainingDocument } from '../train/document.js';
import type { ThoughtFormat } from '../train/thought-format.js';
import { treeRollout } from '../tree/rollout.js';
import type { Branch } from '../tree/rollout-contract.js';
import { readTrunk } from '../tree/trunk.js';
import type { EvaluationPosition } from './evaluation-positions.js';
import { type Accuracy, wilsonInterval } from './wilson-interval.js';

/** What was predicted at one position. */
export interface PositionOutcome extends EvaluationPosition {
  readonly correct: boolean;
  /** Token predicted; −1 when the branch did not predict. */
  readonly predicted: number;
  /** With reasoning: what was thought. */
  readonly branch?: Branch;
}

/** Next-token accuracy by tier, over all positions, and the mean tokens of reasoning (0 without). */
export interface TierAccuracies {
  readonly tiers: readonly Accuracy[];
  readonly average: Accuracy;
  readonly meanLength: number;
  /** Share of branches that closed their thought and predicted; 1 without reasoning. */
  readonly wellFormed: number;
}

/** How to think before predicting. */
export interface ReasoningOptions {
  readonly format: ThoughtFormat;
  /** Tokens: the same at every position, or one for each. */
  readonly budget: number | ((at: EvaluationPosition) => number);
  /** A thought that has not ended by then is cut off, and counts as wrong. Default 2·budget. */
  readonly maxThoughtTokens?: number;
  /** Default 0, greedy. */
  readonly temperature?: number;
  /** Default 0. */
  readonly seed?: number;
}

export interface EvaluatePositionsOptions {
  readonly policy: Policy;
  readonly documents: readonly TrainingDocument[];
  /** In the documents' order. */
  readonly positions: readonly EvaluationPosition[];
  /** Absent: predicts at once. */
  readonly reasoning?: ReasoningOptions;
  /** Documents of one pass. Default 8. */
  readonly documentsPerPass?: number;
  readonly signal?: AbortSignal;
}

/**
 * Predicts every position, pass by pass; yields each pass's outcomes as they come.
 *
 * @throws whatever `options.signal` was aborted with, between two passes or two tokens of reasoning
 */
export async function* evaluatePositions(
  options: EvaluatePositionsOptions,
): AsyncGenerator<readonly PositionOutcome[], void, void> {
  const { policy, positions, documents, reasoning, documentsPerPass = 8, signal } = options;
  const random = seededRandom(reasoning?.seed ?? 0, 'evaluate');
  const wanted = [...new Set(positions.map(({ document }) => document))];
  for (let first = 0; first < wanted.length; first += documentsPerPass) {
    const batch = wanted.slice(first, first + documentsPerPass);
    const here = positions.filter(({ document }) => batch.includes(document));
    const texts = batch.map((index) => documents[index].tokenIds);
    const trunk = await readTrunk(policy, texts, signal);
    const target = ({ document, position }: EvaluationPosition) => documents[document].tokenIds[position];
    if (!reasoning) {
      trunk.dispose();
      yield here.map((at) => {
        const predicted = trunk.readings[batch.indexOf(at.document)].greedyTokenIds[at.position];
        return { ...at, predicted, correct: predicted === target(at) };
      });
      continue;
    }
    const branches = await think(policy, trunk, texts, batch, here, reasoning, random, signal);
    yield here.map((at, i) => {
      const [predicted = -1] = branches[i].predictionTokenIds;
      return { ...at, predicted, correct: predicted === target(at), branch: branches[i] };
    });
  }
}

/** Thinks at positions, and releases the trunk. */
async function think(
  policy: Policy,
  trunk: Awaited<ReturnType<typeof readTrunk>>,
  documents: readonly Int32Array[],
  batch: readonly number[],
  positions: readonly EvaluationPosition[],
  reasoning: ReasoningOptions,
  random: RandomSource,
  signal: AbortSignal | undefined,
): Promise<Branch[]> {
  const { format, budget, maxThoughtTokens, temperature = 0 } = reasoning;
  const budgetAt = typeof budget === 'number' ? () => budget : budget;
  try {
    const groups = await treeRollout(
      policy,
      trunk,
    )({
      documents,
      positions: positions.map((at) => ({
        document: batch.indexOf(at.document),
        position: at.position,
        instruction: format.instruction(budgetAt(at)),
        maxThoughtTokens: maxThoughtTokens ?? 2 * budgetAt(at),
      })),
      groupSize: 1,
      temperature,
      endOfThought: format.endOfThought,
      random,
      signal,
    });
    return groups.flat();
  } finally {
    trunk.dispose();
  }
}

/** Accuracy by tier and over all, with 95 % intervals. */
export function summariseOutcomes(outcomes: readonly PositionOutcome[], tierCount: number): TierAccuracies {
  const accuracyOf = (some: readonly PositionOutcome[]) =>
    wilsonInterval(some.filter(({ correct }) => correct).length, some.length);
  const thoughts = outcomes.flatMap(({ branch }) => (branch ? [branch] : []));
  const share = (count: number) => (outcomes.length === 0 ? 0 : count / outcomes.length);
  return {
    tiers: Array.from({ length: tierCount }, (_, tier) =>
      accuracyOf(outcomes.filter((at) => at.tier === tier)),
    ),
    average: accuracyOf(outcomes),
    meanLength: share(thoughts.reduce((sum, { thoughtTokenIds }) => sum + thoughtTokenIds.length, 0)),
    wellFormed: thoughts.length === 0 ? 1 : share(thoughts.filter(({ wellFormed }) => wellFormed).length),
  };
}
