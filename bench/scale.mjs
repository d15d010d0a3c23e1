// How an RMT step grows with its documents, and whether that is understood: node bench/scale.mjs [--quick].
// Each workload runs in a process of its own: the step's time by part, its peak memory, and its kernels. Two of them fit a
// cost model (so much a call, so much a unit of work, for each kind of kernel); the others are predicted by it.
// Writes bench/results/scale-<backend>.json and prints the tables. Nothing else should run meanwhile.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { resolve } = createRequire(`${root}apps/cli/package.json`);
const load = (name) => import(resolve(name).replace(/\.cjs$/, '.js'));

const { values } = parseArgs({
  options: {
    workload: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
    threads: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
  },
});

const WORKLOADS = [
  { documents: 8, tokens: 140, positions: 8, fits: true },
  { documents: 4, tokens: 512, positions: 16, fits: true },
  { documents: 2, tokens: 2048, positions: 16, fits: false },
  { documents: 1, tokens: 8192, positions: 16, fits: false },
];
const BRANCHES = 8;
const NEW_TOKENS = 24;
const INSTRUCTION = 4;
const MODEL = {
  family: 'llama',
  vocabularySize: 2048,
  hiddenSize: 128,
  layers: 4,
  heads: 4,
  keyValueHeads: 4,
  headDim: 32,
  intermediateSize: 352,
  rmsNormEpsilon: 1e-6,
  ropeTheta: 10_000,
  maxPositions: 16_384,
  tieWordEmbeddings: true,
  attentionBias: false,
  mlpBias: false,
  initializerRange: 0.1,
  eosTokenIds: [],
};

/** Kinds of kernels, and what their work is counted in. */
const KINDS = {
  products: { unit: 'GFLOP', kernels: ['BatchMatMul', '_FusedMatMul'] },
  head: {
    unit: 'GFLOP',
    kernels: [
      'MidtrainTokenLogProbs',
      'MidtrainTokenLogProbsGradient',
      'MidtrainTargetLogProbs',
      'MidtrainSampleTokens',
    ],
  },
  attention: { unit: 'million scores', kernels: ['MidtrainTreeAttention'] },
  attentionGradient: { unit: 'million scores', kernels: ['MidtrainTreeAttentionGradient'] },
  decodeAttention: { unit: 'million scores', kernels: ['MidtrainDecodeAttention'] },
  tokenWise: { unit: 'thousand tokens × layers', kernels: [] },
  outside: { unit: '', kernels: [] },
};
const kindOf = (kernel) =>
  Object.keys(KINDS).find((kind) => KINDS[kind].kernels.includes(kernel)) ?? 'tokenWise';

/** Queries of a block of attention, and scores computed at a time: see packages/kernels/src/ops/tree-attention. */
const BLOCK = 128;
const SIBLINGS = 96;
const STRETCH_SCORES = 2 ** 19;

/** Blocks of queries × keys as attention's kernel computes them: how many calls, how many scores. */
function attentionOf(blocks) {
  const { layers, heads } = MODEL;
  const calls = blocks.map(([queries, keys]) => Math.ceil((keys * heads * queries) / STRETCH_SCORES));
  const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
  return {
    calls: layers * sum(calls),
    units: (layers * heads * sum(blocks.map(([queries, keys]) => queries * keys))) / 1e6,
  };
}

/** The work of each part of a step, in the kinds' units; where a kernel's call is several of the engine's, those. */
function workOf({ documents, tokens, positions }, places) {
  const { hiddenSize: d, intermediateSize: f, layers, heads, vocabularySize } = MODEL;
  const groups = documents * positions;
  const branches = groups * BRANCHES;
  const trunk = documents * tokens;
  const instructions = groups * INSTRUCTION;
  const own = branches * (NEW_TOKENS - 1) + instructions;
  const product = (count) => ({ units: (count * layers * 2 * (4 * d * d + 3 * d * f)) / 1e9 });
  const head = (count) => ({ units: (count * 2 * d * vocabularySize) / 1e9 });
  const tokenWise = (count) => ({ units: (count * layers) / 1e3 });
  const read = Array.from({ length: documents }, () =>
    Array.from({ length: Math.ceil(tokens / BLOCK) }, (_, i) => {
      const queries = Math.min(BLOCK, tokens - i * BLOCK);
      return [queries, i * BLOCK + queries];
    }),
  ).flat();
  const asked = places.map((position) => [INSTRUCTION, position + INSTRUCTION]);
  const together = Math.floor(SIBLINGS / (NEW_TOKENS - 1)) * (NEW_TOKENS - 1);
  const thought = places.flatMap((position) =>
    Array.from({ length: Math.ceil((BRANCHES * (NEW_TOKENS - 1)) / together) }, (_, i) => {
      const queries = Math.min(together, BRANCHES * (NEW_TOKENS - 1) - i * together);
      return [queries, position + INSTRUCTION + queries];
    }),
  );
  return {
    trunk: {
      products: product(trunk),
      head: head(trunk),
      attention: attentionOf(read),
      tokenWise: tokenWise(trunk),
    },
    rollout: {
      products: product(own),
      head: head(branches * NEW_TOKENS),
      attention: attentionOf(asked),
      // A branch's scores are computed over the whole document and masked.
      decodeAttention: {
        units: (branches * (NEW_TOKENS - 1) * (tokens + INSTRUCTION + NEW_TOKENS) * layers * heads) / 1e6,
      },
      tokenWise: tokenWise(own),
    },
    update: {
      products: { units: 3 * product(trunk + own).units },
      // Logits forward, again backward, and two products for the gradients.
      head: { units: 4 * head(trunk + branches * NEW_TOKENS).units },
      attention: attentionOf([...read, ...asked, ...thought]),
      attentionGradient: attentionOf([...read, ...asked, ...thought]),
      tokenWise: { units: 3 * tokenWise(trunk + own).units },
    },
  };
}

async function measure({ documents, tokens, positions }) {
  const { selectBackend, profileKernels, kernelTotals } = await load('@midtrain/kernels');
  const { initialisePolicy, readTrunk, treeRollout, dualGradients } = await load('@midtrain/core');
  const { seededRandom, uniformInt } = await load('@midtrain/curriculum');
  const { policyLoss, dualObjective } = await load('@midtrain/losses');
  const tf = await load('@tensorflow/tfjs-core');
  await selectBackend({ backend: values.backend, threads: Number(values.threads) });
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
  for (let i = 0; i < Number(values.repeats); i++) steps.push(await step());
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

/** Non-negative a, b that make a·calls + b·units closest to the milliseconds, each point by its own size. */
function costOf(points) {
  const weighed = points.map(({ calls, units, milliseconds }) => {
    const weight = 1 / Math.max(1, milliseconds);
    return [calls * weight, units * weight, milliseconds * weight];
  });
  const sum = (f) => weighed.reduce((total, row) => total + f(row), 0);
  const [cc, cu, uu] = [sum(([c]) => c * c), sum(([c, u]) => c * u), sum(([, u]) => u * u)];
  const [cm, um] = [sum(([c, , m]) => c * m), sum(([, u, m]) => u * m)];
  const determinant = cc * uu - cu * cu;
  const a = determinant > 0 ? (cm * uu - um * cu) / determinant : -1;
  const b = determinant > 0 ? (um * cc - cm * cu) / determinant : -1;
  if (a >= 0 && b >= 0) return { perCall: a, perUnit: b };
  // One of the two explains it better alone.
  const [callsAlone, unitsAlone] = [cc > 0 ? cm / cc : 0, uu > 0 ? um / uu : 0];
  const error = (x, y) => sum(([c, u, m]) => (x * c + y * u - m) ** 2);
  return error(callsAlone, 0) < error(0, unitsAlone)
    ? { perCall: callsAlone, perUnit: 0 }
    : { perCall: 0, perUnit: unitsAlone };
}

/** Every part of a measured step that has kernels of a kind: their calls, units and time. */
function pointsOf({ work, measured }, kind) {
  return Object.entries(measured.parts).flatMap(([part, { kinds }]) => {
    const ran = kinds[kind];
    return ran ? [{ ...ran, units: 0, ...work[part][kind] }] : [];
  });
}

if (values.workload) {
  console.log(JSON.stringify(await measure(JSON.parse(values.workload))));
} else {
  const loads = [loadavg()[0]];
  const chosen = values.quick ? WORKLOADS.slice(0, 3) : WORKLOADS;
  const results = chosen.map((workload) => {
    const args = [fileURLToPath(import.meta.url), '--workload', JSON.stringify(workload)];
    for (const name of ['backend', 'threads', 'repeats']) args.push(`--${name}`, values[name]);
    const measured = JSON.parse(
      execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    return { workload, measured, work: workOf(workload, measured.places) };
  });
  loads.push(loadavg()[0]);
  const fitting = results.filter(({ workload }) => workload.fits);
  const costs = Object.fromEntries(
    Object.keys(KINDS).map((kind) => [kind, costOf(fitting.flatMap((result) => pointsOf(result, kind)))]),
  );
  const rows = results.map((result) => {
    const { workload, measured } = result;
    const kinds = Object.fromEntries(
      Object.keys(KINDS).map((kind) => {
        const points = pointsOf(result, kind);
        const sum = (f) => points.reduce((total, point) => total + f(point), 0);
        const units = sum((point) => point.units);
        const calls = sum((point) => point.calls);
        const { perCall, perUnit } = costs[kind];
        const predicted = (perCall * calls + perUnit * units) / 1000;
        return [kind, { calls, units, seconds: sum((point) => point.milliseconds) / 1000, predicted }];
      }),
    );
    const traced = Object.values(measured.parts).reduce((sum, part) => sum + part.tracedSeconds, 0);
    const predicted = Object.values(kinds).reduce((sum, one) => sum + one.predicted, 0);
    const parts = Object.fromEntries(
      Object.entries(measured.parts).map(([name, { seconds }]) => [name, seconds]),
    );
    return {
      ...{ workload, seconds: measured.seconds, parts, peakBytes: measured.peakBytes },
      ...{ tracedSeconds: traced, predictedSeconds: predicted, kinds },
    };
  });
  const result = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}`,
    backend: values.backend,
    threads: Number(values.threads),
    load: loads,
    branches: BRANCHES,
    newTokens: NEW_TOKENS,
    costs: Object.fromEntries(
      Object.entries(costs).map(([kind, { perCall, perUnit }]) => [
        kind,
        { microsecondsPerCall: 1000 * perCall, millisecondsPerUnit: perUnit, unit: KINDS[kind].unit },
      ]),
    ),
    rows,
  };
  const file = `${root}bench/results/scale-${values.backend}.json`;
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  const name = ({ documents, tokens, positions }) => `${documents} × ${tokens}, ${positions} positions`;
  for (const { workload, ...row } of rows) {
    console.log(
      `${name(workload).padEnd(24)}${row.seconds.toFixed(2).padStart(7)} s  peak ${(row.peakBytes / 2 ** 30).toFixed(2)} GiB  traced ${row.tracedSeconds.toFixed(2)} s, predicted ${row.predictedSeconds.toFixed(2)} s${workload.fits ? ' (fitted)' : ''}`,
    );
    for (const [kind, { calls, units, seconds, predicted }] of Object.entries(row.kinds)) {
      console.log(
        `  ${kind.padEnd(18)}${((100 * seconds) / row.tracedSeconds).toFixed(0).padStart(4)} %${seconds.toFixed(3).padStart(9)} s  predicted ${predicted.toFixed(3)} s  ${calls} calls, ${units.toFixed(1)} ${KINDS[kind].unit}`,
      );
    }
  }
  console.table(result.costs);
}
