import { restoreRandom, seededRandom } from '@midtrain/curriculum';
import { compiledOperation } from '@midtrain/kernels';
import { rewardMetrics } from '@midtrain/losses';
import { treeCompletions } from '../tree/complete.js';
import { promptPosition } from '../tree/prompt-position.js';
import { yieldToEvents } from '../tree/yield-to-events.js';
import { documentOrder } from './document-order.js';
import { inGroups } from './in-groups.js';
import { mean } from './mean.js';
import { makeOptimiser } from './optimiser.js';
import { policyUpdate } from './policy-update.js';
import type { PostTrainOptions } from './post-train-options.js';
import type { PostTrainReport } from './post-train-report.js';
import { requireFinite } from './require-finite.js';
import { requireSampling } from './require-sampling.js';
import { scoreCompletions } from './score-completions.js';
import { stepClock } from './step-clock.js';
import { captureTensors, restoreTensors } from './training-state.js';

/**
 * Post-training of a policy on questions with checkable answers, in place, step by step: ask, answer, reward, learn.
 * GRPO (arXiv 2402.03300) with one update for each step's completions; components come by their contracts, and one
 * seed decides all. A step in which no completion has an advantage leaves weights and moments as they are.
 *
 * @example
 * for await (const { metrics } of postTrain(options)) console.log(metrics.step, metrics.accuracy);
 *
 * @throws {TrainingOptionError} when an option does not fit
 * @throws {DivergenceError} when a loss or the gradient is not finite; the weights are then those of the step before
 * @throws whatever `options.signal` was aborted with, between two tokens or two passes of a step
 */
export async function* postTrain(options: PostTrainOptions): AsyncGenerator<PostTrainReport, void, void> {
  const { policy, questions, totalSteps, groupSize, maxNewTokens, seed, tokenizer, resume, signal } = options;
  const { temperature = 1, clipNorm = 1, rollout = treeCompletions } = options;
  const { stopTokenIds = policy.config.eosTokenIds } = options;

  requireSampling(temperature);

  const compiled = compiledOperation('a layer of the policy update', options.compute);
  const random = resume ? restoreRandom(resume.progress.random.rollout) : seededRandom(seed, 'rollout');
  const clock = stepClock(options.onPart);
  const questionsOf = documentOrder(questions.length, options.questionsPerStep, seed, {
    all: 'questions',
    perStep: 'questionsPerStep',
  });
  const optimiser = makeOptimiser(policy, { adamW: options.adamW, clipNorm });
  const { state: moments } = optimiser;
  const origin = { seed, documents: questions.length };

  try {
    if (resume) restoreTensors(policy, moments, resume, origin);
    for (let step = resume?.progress.step ?? 0; step < totalSteps; step++) {
      await yieldToEvents(signal);
      const started = performance.now();
      const batch = questionsOf(step).map((index) => questions[index]);
      const prompts = batch.map(({ promptTokenIds }) => promptTokenIds);

      // 1. Each question is read once; its G completions all attend to that reading.
      clock.begin('rollout');
      const request = { prompts, groupSize, maxNewTokens, stopTokenIds, temperature, random, signal };
      const groups = await rollout(policy)(request);
      const completions = groups.flat();
      // Answers of a policy that is none any more may all be worth the same, and then no loss would tell.
      requireFinite(step, {
        'log-probability of the answers': mean(completions.flatMap(({ logProbs }) => logProbs)),
      });

      // 2. Each completion's text is rewarded, and compared with the others of its question.
      clock.begin('rewards');
      const scores = groups.map((group, i) => scoreCompletions(group, batch[i], tokenizer, options.reward));
      const rewards = Float32Array.from(scores.flat(), ({ reward }) => reward);
      const { advantages, kept } = options.advantages(rewards, groupSize);
      const advantagesOf = inGroups(advantages, groupSize);
      const keptOf = inGroups(kept, groupSize);

      // 3. Packed passes give the policy loss on the completions; then the optimiser.
      clock.begin('update');
      const learningRate = options.learningRate(step);
      const positions = groups.map((group, i) => ({
        ...promptPosition(prompts[i], i),
        branches: group.map(({ tokenIds }) => tokenIds),
        oldLogProbs: group.map(({ logProbs }) => logProbs),
        advantages: advantagesOf[i],
        kept: keptOf[i],
      }));
      const { gradients, report } = await policyUpdate(
        policy,
        { documents: prompts, positions },
        { ...options, temperature, compiled, dropout: { seed, pass: `step ${step}` } },
      );
      clock.begin('optimiser');
      const applied = { step, learningRate, losses: { loss: report.loss } };
      const gradientNorm = report.share > 0 ? await optimiser.apply(gradients, applied) : 0;
      clock.end();

      // 4. The step's report.
      const { reward, reward_std, frac_reward_zero_std } = rewardMetrics(rewards, groupSize);
      const { entropy = 0, kl = 0 } = report.metrics;
      const read = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
      const sampled = completions.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0);
      yield {
        metrics: {
          step,
          loss: report.loss,
          reward,
          accuracy: mean(scores.flat().map(({ accuracy }) => accuracy)),
          formatReward: mean(scores.flat().map(({ format }) => format)),
          rewardStd: reward_std,
          fracRewardZeroStd: frac_reward_zero_std,
          meanLength: mean(completions.map(({ tokenIds }) => tokenIds.length)),
          clippedRatio: mean(completions.map(({ ended }) => Number(!ended))),
          entropy,
          kl,
          gradientNorm,
          learningRate,
          tokens: read + sampled + report.tokens,
          seconds: (performance.now() - started) / 1000,
        },
        samples: batch.map(({ id, gold }, i) => ({
          questionId: id,
          gold,
          completions: groups[i],
          scores: scores[i],
          advantages: advantagesOf[i],
        })),
        state: async () => ({
          tensors: await captureTensors(policy, moments),
          progress: {
            step: step + 1,
            optimiserStep: moments.step,
            random: { rollout: random.state() },
            origin,
          },
        }),
      };
    }
  } finally {
    compiled.dispose();
    optimiser.dispose();
  }
}
