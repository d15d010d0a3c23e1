import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allOrNothing, type Own } from '../../wasm/all-or-nothing.js';
import { floats, integers } from '../../wasm/heap.js';
import { sharing, type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { requireTokenIds } from '../token-ids.js';
import { ADD_ROWS } from './add-rows.js';
import { type ChunkLimits, chunksOf, rowsOfChunk } from './chunks.js';
import type { TokenLogProbsAttributes, TokenLogProbsGradientAttributes } from './reference.js';
import { TARGET_LOG_PROBS } from './target-log-probs.js';
import { TOKEN_LOG_PROBS, TOKEN_LOG_PROBS_GRADIENT } from './token-log-probs.js';
import { backwardGraphFor, forwardGraph, softmaxGraph } from './wasm-graphs.js';

/** Logits that stay in a core's cache; with wide models, enough rows to pay for adding to the weight's gradient. */
export const wasmChunks = (width: number): ChunkLimits => ({
  logits: 2 ** 18,
  minRows: Math.max(128, Math.round(width / 2)),
  maxRows: 1024,
});

const column = (rows: number) => ({ data: new Float32Array(rows), dims: [rows, 1] });
const scalar = (value: number) => ({ data: Float32Array.of(value), dims: [] });

interface ForwardInputs {
  readonly hidden: TensorInfo;
  readonly weight: TensorInfo;
  readonly targetIds: TensorInfo;
}

function forward(
  { hidden, weight, targetIds }: ForwardInputs,
  attributes: TokenLogProbsAttributes,
  backend: BackendWasm,
  own: Own,
): TensorInfo[] {
  const [tokens, width] = hidden.shape;
  const vocabularySize = weight.shape[0];
  const { temperature, chunkTokens = rowsOfChunk(vocabularySize, wasmChunks(width)) } = attributes;
  requireTokenIds('tokenLogProbs', 'targetIds', integers(backend, targetIds), vocabularySize);
  const outputs = (['float32', 'float32', 'int32', 'float32'] as const).map((dtype) =>
    own(backend.makeOutput([tokens], dtype)),
  );
  const hiddens = floats(backend, hidden);
  const weights = floats(backend, weight);
  const targets = integers(backend, targetIds);
  const logProbs = floats(backend, outputs[0]);
  const entropies = floats(backend, outputs[1]);
  const greedyIds = integers(backend, outputs[2]);
  const logNormalisers = floats(backend, outputs[3]);

  for (const [start, count] of chunksOf(tokens, chunkTokens)) {
    const max = column(count);
    const total = column(count);
    const expected = column(count);
    const greedy = { data: new BigInt64Array(count), dims: [count, 1] };
    forwardGraph.run(
      {
        hidden: { data: hiddens.subarray(start * width, (start + count) * width), dims: [count, width] },
        weight: { data: weights, dims: weight.shape },
        scale: scalar(1 / temperature),
      },
      { max, total, expected, greedy },
    );
    for (let row = 0; row < count; row++) {
      const token = start + row;
      const logTotal = Math.log(total.data[row]);
      const target = dot(hiddens, token * width, weights, targets[token] * width, width) / temperature;
      // The target's logit is summed in another order than the engine's, so it can exceed the largest by rounding.
      logProbs[token] = Math.min(0, target - max.data[row] - logTotal);
      entropies[token] = Math.max(0, logTotal - expected.data[row] / total.data[row]);
      greedyIds[token] = Number(greedy.data[row]);
      logNormalisers[token] = max.data[row] + logTotal;
    }
  }
  return outputs;
}

function targetForward(
  { hidden, weight, targetIds }: ForwardInputs,
  backend: BackendWasm,
  own: Own,
): TensorInfo[] {
  const [tokens, width] = hidden.shape;
  const vocabularySize = weight.shape[0];
  requireTokenIds('targetLogProbs', 'targetIds', integers(backend, targetIds), vocabularySize);
  const outputs = [[tokens], [tokens, vocabularySize]].map((shape) =>
    own(backend.makeOutput(shape, 'float32')),
  );
  const [hiddens, weights, logProbs, p] = [hidden, weight, ...outputs].map((x) => floats(backend, x));
  const targets = integers(backend, targetIds);
  for (const [start, count] of chunksOf(tokens, rowsOfChunk(vocabularySize, wasmChunks(width)))) {
    const [max, top] = [column(count), column(count)];
    const rows = (x: Float32Array, size: number) => ({
      data: x.subarray(start * size, (start + count) * size),
      dims: [count, size],
    });
    softmaxGraph.run(
      { hidden: rows(hiddens, width), weight: { data: weights, dims: weight.shape }, scale: scalar(1) },
      { spread: rows(p, vocabularySize), max, top },
    );
    for (let row = 0; row < count; row++) {
      const token = start + row;
      const target = dot(hiddens, token * width, weights, targets[token] * width, width);
      logProbs[token] = Math.min(0, target - max.data[row] + Math.log(top.data[row]));
    }
  }
  return outputs;
}

function dot(a: Float32Array, fromA: number, b: Float32Array, fromB: number, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += a[fromA + index] * b[fromB + index];
  return sum;
}

interface BackwardInputs extends ForwardInputs {
  readonly logNormalisers: TensorInfo;
  readonly entropies: TensorInfo;
  readonly logProbGradient: TensorInfo;
  readonly entropyGradient: TensorInfo;
}

function backward(
  inputs: BackwardInputs,
  attributes: TokenLogProbsGradientAttributes,
  backend: BackendWasm,
  own: Own,
): TensorInfo[] {
  const { hidden, weight } = inputs;
  const [tokens, width] = hidden.shape;
  const { temperature, entropyGradient, weightGradient } = attributes;
  const { chunkTokens = rowsOfChunk(weight.shape[0], wasmChunks(width)) } = attributes;
  const outputs = [own(backend.makeOutput(hidden.shape, 'float32'))];
  if (weightGradient) outputs.push(own(backend.makeOutput(weight.shape, 'float32')));
  const targets = integers(backend, inputs.targetIds);
  const [hiddens, weights, normalisers, entropies, gradients, entropyGradients] = [
    hidden,
    weight,
    inputs.logNormalisers,
    inputs.entropies,
    inputs.logProbGradient,
    inputs.entropyGradient,
  ].map((x) => floats(backend, x));
  const dHidden = floats(backend, outputs[0]);
  const dWeight = weightGradient ? floats(backend, outputs[1]).fill(0) : new Float32Array(0);
  const graph = backwardGraphFor(entropyGradient, weightGradient);

  for (const [start, count] of chunksOf(tokens, chunkTokens)) {
    const part = (x: Float32Array) => ({ data: x.subarray(start, start + count), dims: [count, 1] });
    const rows = (x: Float32Array) => ({
      data: x.subarray(start * width, (start + count) * width),
      dims: [count, width],
    });
    const offset = column(count);
    // Without entropies the spread is the softmax alone: its factor, the gradient, waits for the narrow side.
    const rate = column(count);
    for (let row = 0; row < count; row++) {
      const token = start + row;
      rate.data[row] = (entropyGradient ? -1 : -gradients[token]) / temperature;
      offset.data[row] = gradients[token] + entropyGradients[token] * entropies[token];
    }
    const feeds = {
      hidden: rows(hiddens),
      weight: { data: weights, dims: weight.shape },
      scale: scalar(1 / temperature),
      normaliser: part(normalisers),
      factor: part(entropyGradients),
      offset,
      rate,
      before: { data: dWeight, dims: weight.shape },
    };
    graph.run(feeds, {
      mixed: rows(dHidden),
      ...(weightGradient ? { after: { data: dWeight, dims: weight.shape } } : {}),
    });
    for (let row = 0; row < count; row++) {
      const token = start + row;
      const at = token * width;
      const target = targets[token] * width;
      const dLogit = gradients[token] / temperature;
      for (let index = 0; index < width; index++) {
        dHidden[at + index] = dLogit * weights[target + index] + rate.data[row] * dHidden[at + index];
      }
      if (!weightGradient) continue;
      for (let index = 0; index < width; index++) dWeight[target + index] += dLogit * hiddens[at + index];
    }
  }
  return outputs;
}

interface AddRowsInputs {
  readonly x: TensorInfo;
  readonly rowIds: TensorInfo;
  readonly rows: TensorInfo;
}

/** Writes into x, and gives its memory back. */
function addRowsInPlace({ x, rowIds, rows }: AddRowsInputs, backend: BackendWasm): TensorInfo {
  const [vocabularySize, width] = x.shape;
  const [sums, added, ids] = [floats(backend, x), floats(backend, rows), integers(backend, rowIds)];
  requireTokenIds('addRows', 'rowIds', ids, vocabularySize);
  for (let row = 0; row < ids.length; row++) {
    const to = ids[row] * width;
    const from = row * width;
    for (let index = 0; index < width; index++) sums[to + index] += added[from + index];
  }
  return sharing(backend, x, x.shape);
}

/** `tokenLogProbs` and `targetLogProbs` on the wasm heap by the native engine. */
export const TOKEN_LOG_PROBS_WASM: readonly WasmKernel[] = [
  wasmKernel<ForwardInputs, object, TensorInfo[]>(TARGET_LOG_PROBS, ({ inputs, backend }) =>
    allOrNothing(backend, (own) => targetForward(inputs, backend, own)),
  ),
  wasmKernel<AddRowsInputs, object>(ADD_ROWS, ({ inputs, backend }) => addRowsInPlace(inputs, backend)),
  wasmKernel<ForwardInputs, TokenLogProbsAttributes, TensorInfo[]>(
    TOKEN_LOG_PROBS,
    ({ inputs, attrs, backend }) => allOrNothing(backend, (own) => forward(inputs, attrs, backend, own)),
  ),
  wasmKernel<BackwardInputs, TokenLogProbsGradientAttributes, TensorInfo[]>(
    TOKEN_LOG_PROBS_GRADIENT,
    ({ inputs, attrs, backend }) => allOrNothing(backend, (own) => backward(inputs, attrs, backend, own)),
  ),
];
