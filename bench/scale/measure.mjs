// One workload, in this process: node measure.mjs WORKLOAD BACKEND THREADS REPEATS. Prints one JSON object.
import { load } from '../interop/load.mjs';
import { kindOf } from './kinds.mjs';
import { BRANCHES, INSTRUCTION, MODEL, NEW_TOKENS } from './workloads.mjs';

const [sizes, backend, threads, repeats] = process.argv.slice(2);
console.log(JSON.stringify(await measure(JSON.parse(sizes))));

async function measure({ documents, tokens, positions }) {
  const { selectBackend, profileKernels, kernelTotals } = await load('@midtrain/kernels');
  const { initialisePolicy, readTrunk, treeRollout, dualGradients } = await load('@midtrain/core');
  const { seededRandom, uniformInt } = await load('@midtrain/curriculum');
  const { policyLoss, dualObjective } = await load('@midtrain/losses');
  const tf = await load('@tensorflow/tfjs-core');
  await selectBackend({ backend, threads: Number(threads) });
  const random = seededRandom(0, 'scale');
  const some = (count) => Int32Array.from({ length: count }, () => uniformInt(MODEL.vocabularySize, random));
  const texts = Array.from({ length: documents }, () => some(tokens));
  const places = texts.flatMap((_, document) =>
    Array.from({ length: positions }, () => ({
      document,
      position: 1 + uniformInt(tokens - 1, random),
      instruction: [...some(INSTRUCTION)],
      maxThoughtTokens: NEW_TOKENS - 1,
    })),
  );
  const policy = initialisePolicy(MODEL, 0);
  const losses = { policyLoss: policyLoss({ type: 'grpo' }), objective: dualObjective({ lambda: 0.1 }) };

  async function step(profile) {
    const parts = {};
    const timed = async (name, compute) => {
      const start = performance.now();
      const before = profile?.events.length ?? 0;
      const result = await compute();
      const milliseconds = performance.now() - start;
      parts[name] = { milliseconds, kernels: kernelTotals(profile?.events.slice(before) ?? []) };
      return result;
    };
    const trunk = await timed('trunk', () => readTrunk(policy, texts));
    const groups = await timed('rollout', () =>
      treeRollout(
        policy,
        trunk,
      )({
        documents: texts,
        positions: places,
        groupSize: BRANCHES,
        endOfThought: -1,
        random: seededRandom(0, 'rollout'),
      }).finally(trunk.dispose),
    );
    const scored = places.map((place, p) => ({
      ...place,
      branches: groups[p].map(({ tokenIds }) => tokenIds),
      oldLogProbs: groups[p].map(({ logProbs }) => logProbs),
      advantages: groups[p].map((_, i) => (i % 2 ? 1 : -1)),
      kept: groups[p].map(() => true),
    }));
    const { gradients } = await timed('update', () =>
      dualGradients(policy, { documents: texts, positions: scored }, losses),
    );
    tf.dispose(gradients);
    return parts;
  }

  await step();
  const steps = [];
  for (let i = 0; i < Number(repeats); i++) steps.push(await step());
  const total = (parts) => Object.values(parts).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  steps.sort((a, b) => total(a) - total(b));
  const best = steps[0];
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const profile = profileKernels();
  const traced = await step(profile);
  profile.stop();
  return {
    places: places.map(({ position }) => position),
    peakBytes,
    seconds: total(best) / 1000,
    parts: Object.fromEntries(
      Object.entries(traced).map(([name, { milliseconds, kernels }]) => {
        const kinds = {};
        for (const { name: kernel, calls, milliseconds: own } of kernels) {
          const kind = kindOf(kernel);
          const sum = kinds[kind] ?? { calls: 0, milliseconds: 0 };
          kinds[kind] = { calls: sum.calls + calls, milliseconds: sum.milliseconds + own };
        }
        const inKernels = Object.values(kinds).reduce((sum, one) => sum + one.milliseconds, 0);
        const calls = Object.values(kinds).reduce((sum, one) => sum + one.calls, 0);
        kinds.outside = { calls, milliseconds: Math.max(0, milliseconds - inKernels) };
        return [name, { seconds: best[name].milliseconds / 1000, tracedSeconds: milliseconds / 1000, kinds }];
      }),
    ),
  };
}
