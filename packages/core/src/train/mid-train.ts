import { type Draw, difficultyQuantiles, restoreRandom, seededRandom } from '@midtrain/curriculum';
import { compiledOperation } from '@midtrain/kernels';
import { rewardMetrics } from '@midtrain/losses';
import { treeRollout } from '../tree/rollout.js';
import { readTrunk, type Trunk } from '../tree/trunk.js';
import { yieldToEvents } from '../tree/yield-to-events.js';
import { findCandidates } from './candidates.js';
import { documentOrder } from './document-order.js';
import { dualGradients } from './dual-update.js';
import { inGroups } from './in-groups.js';
import { mean } from './mean.js';
import type { MidTrainOptions } from './mid-train-options.js';
import { makeOptimiser } from './optimiser.js';
import { requireFiniteReadings } from './require-finite.js';
import { requireLinear } from './require-linear.js';
import { requireSampling } from './require-sampling.js';
import { scoreBranches } from './score-branches.js';
import { stepClock } from './step-clock.js';
import type { StepReport } from './step-report.js';
import { captureTensors, restoreTensors } from './training-state.js';

const tierMeans = ({ chosen, tierNames }: Draw): (number | null)[] =>
  tierNames.map((_, tier) => {
    const drawn = chosen.filter((position) => position.tier === tier);
    return drawn.length === 0 ? null : mean(drawn.map(({ difficulty }) => difficulty));
  });

/**
 * Reinforcement Mid-Training (arXiv 2509.24375; PAPER.md) of a policy, in place, step by step: read, choose, think,
 * reward, learn. Components come by their contracts; one seed decides all.
 *
 * @example
 * for await (const { metrics } of midTrain(options)) console.log(metrics.step, metrics.matchReward);
 *
 * @throws {TrainingOptionError} when an option does not fit
 * @throws {DivergenceError} when a loss or the gradient is not finite; the weights are then those of the step before
 * @throws whatever `options.signal` was aborted with, between two tokens or two passes of a step
 */
export async function* midTrain(options: MidTrainOptions): AsyncGenerator<StepReport, void, void> {
  const { policy, documents, totalSteps, groupSize, seed, format, resume, signal } = options;
  const { temperature = 1, predictionTokens = 1, clipNorm = 1 } = options;
  const { thoughtLimit = (budget: number) => 2 * budget, rollout = treeRollout } = options;

  requireSampling(temperature);
  await requireLinear(options.objective);

  const compiled = compiledOperation('a layer of the dual update', options.compute);
  const clock = stepClock(options.onPart);
  const documentsOf = documentOrder(documents.length, options.documentsPerStep, seed);
  let random = { curriculum: seededRandom(seed, 'curriculum'), rollout: seededRandom(seed, 'rollout') };
  const optimiser = makeOptimiser(policy, { adamW: options.adamW, clipNorm });
  const { state: moments } = optimiser;
  const origin = { seed, documents: documents.length };
  let trunk: Trunk | undefined;

  try {
    if (resume) {
      const { curriculum, rollout: sampling } = resume.progress.random;
      random = { curriculum: restoreRandom(curriculum), rollout: restoreRandom(sampling) };
      restoreTensors(policy, moments, resume, origin);
      options.difficulty.restore?.(resume.progress.difficulty);
    }
    for (let step = resume?.progress.step ?? 0; step < totalSteps; step++) {
      await yieldToEvents(signal);
      const started = performance.now();
      const batch = documentsOf(step).map((index) => documents[index]);
      const texts = batch.map((document) => document.tokenIds);

      // 1. One pass over the documents: every token's difficulty, and the cache that all branches share.
      clock.begin('trunk');
      trunk = await readTrunk(policy, texts, signal);
      requireFiniteReadings(step, batch, trunk.readings);
      const candidates = findCandidates(batch, trunk.readings, options.difficulty, step);

      // 2. The curriculum draws the positions C.
      clock.begin('curriculum');
      const moment = { step, totalSteps, count: options.positionsPerStep };
      const draw = options.curriculum.draw(candidates, moment, random.curriculum);

      // 3. At each position, G branches think within the budget and predict.
      clock.begin('rollout');
      const quantiles = difficultyQuantiles(draw.chosen.map(({ difficulty }) => difficulty));
      const positions = draw.chosen.map(({ document, position, tier }, i) => {
        const budget = options.budget({ step, totalSteps, difficulty: quantiles[i] });
        const instruction = format.instruction(budget);
        return { document, position, tier, budget, instruction, maxThoughtTokens: thoughtLimit(budget) };
      });
      const groups = await rollout(
        policy,
        trunk,
      )({
        documents: texts,
        positions,
        groupSize,
        predictionTokens,
        temperature,
        endOfThought: format.endOfThought,
        random: random.rollout,
        signal,
      });
      trunk.dispose();
      const branches = groups.flat();

      // 4. The text itself rewards them; a group's rewards become advantages.
      clock.begin('rewards');
      const scores = groups.map((group, i) =>
        scoreBranches(
          group,
          { ...positions[i], document: texts[positions[i].document] },
          options.tokenizer,
          options.reward,
        ),
      );
      const rewards = Float32Array.from(scores.flat(), ({ total }) => total);
      const { advantages, kept } = options.advantages(rewards, groupSize);
      const rewardsOf = inGroups(rewards, groupSize);
      const advantagesOf = inGroups(advantages, groupSize);
      const keptOf = inGroups(kept, groupSize);
      positions.forEach(({ document, position }, i) => {
        options.difficulty.observe?.(batch[document].id, position, rewardsOf[i]);
      });

      // 5. Packed passes give L_RL on the branches and λ·L_NTP on the documents without C; then the optimiser.
      clock.begin('update');
      const learningRate = options.learningRate(step);
      const scored = positions.map((position, i) => ({
        ...position,
        branches: groups[i].map(({ tokenIds }) => tokenIds),
        oldLogProbs: groups[i].map(({ logProbs }) => logProbs),
        advantages: advantagesOf[i],
        kept: keptOf[i],
      }));
      const update = await dualGradients(
        policy,
        { documents: texts, positions: scored },
        { ...options, temperature, compiled, dropout: { seed, pass: `step ${step}` } },
      );
      clock.begin('optimiser');
      const { loss, policyLoss, nextTokenLoss } = update.report;
      const losses = { loss, policyLoss, nextTokenLoss };
      const gradientNorm = await optimiser.apply(update.gradients, { step, learningRate, losses });
      clock.end();

      // 6. The step's report.
      const { reward, reward_std, frac_reward_zero_std } = rewardMetrics(rewards, groupSize);
      const { entropy = 0, kl = 0 } = update.report.metrics;
      const readTokens = texts.reduce((sum, text) => sum + text.length, 0);
      const sampledTokens = branches.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0);
      const predicted = texts.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0);
      const inC = new Set(
        positions.flatMap(({ document, position }) => (position >= 1 ? [`${document}:${position}`] : [])),
      );
      yield {
        metrics: {
          step,
          ...losses,
          matchReward: mean(scores.flat().map(({ match }) => match)),
          lengthReward: mean(scores.flat().map(({ length }) => length)),
          reward,
          rewardStd: reward_std,
          equalGroups: frac_reward_zero_std,
          wellFormed: mean(branches.map(({ wellFormed }) => Number(wellFormed))),
          meanLength: mean(branches.map(({ thoughtTokenIds }) => thoughtTokenIds.length)),
          budget: mean(positions.map(({ budget }) => budget)),
          entropy,
          kl,
          tierShares: draw.tierShares,
          tierNames: draw.tierNames,
          tierDifficulties: tierMeans(draw),
          difficulty: mean(candidates.map(({ difficulty }) => difficulty)),
          gradientNorm,
          learningRate,
          tokens: readTokens + sampledTokens + update.report.tokens,
          readTokens,
          sampledTokens,
          nextTokens: predicted - inC.size,
          seconds: (performance.now() - started) / 1000,
        },
        samples: positions.map(({ document, position, tier, budget }, i) => ({
          documentId: batch[document].id,
          position,
          tier: draw.tierNames[tier],
          budget,
          branches: groups[i],
          rewards: rewardsOf[i],
          advantages: advantagesOf[i],
        })),
        state: async () => ({
          tensors: await captureTensors(policy, moments),
          progress: {
            step: step + 1,
            optimiserStep: moments.step,
            random: { curriculum: random.curriculum.state(), rollout: random.rollout.state() },
            difficulty: options.difficulty.state?.(),
            origin,
          },
        }),
      };
    }
  } finally {
    trunk?.dispose();
    compiled.dispose();
    optimiser.dispose();
  }
}
