import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type NativeGraph, nativeGraph } from '../../native/index.js';
import { allOrNothing, type Own } from '../../wasm/all-or-nothing.js';
import { floats, integers } from '../../wasm/heap.js';
import { scratch } from '../../wasm/scratch.js';
import { type WasmKernel, wasmKernel } from '../../wasm/wasm-kernel.js';
import { node } from '../native-nodes.js';
import { chunksOf, rowsOfChunk } from '../token-log-probs/chunks.js';
import { wasmChunks } from '../token-log-probs/wasm.js';
import { COLUMNS, GREEDY, LOGITS, LOGITS_INPUTS, WEIGHTS } from '../token-log-probs/wasm-graphs.js';
import { firstPast, smallestKept, sumAtLeast } from './draw.js';
import type { SampleTokensAttributes } from './reference.js';
import { SAMPLE_TOKENS } from './sample-tokens.js';

const TOTAL = { name: 'total', dims: ['c', 1] };
const ALL_WEIGHTS = { name: 'weights', dims: ['c', 'v'] };

const greedyGraph = nativeGraph({
  name: `${SAMPLE_TOKENS} greedy`,
  nodes: [...LOGITS, ...WEIGHTS, GREEDY],
  inputs: LOGITS_INPUTS,
  outputs: [TOTAL, { name: 'greedy', dims: ['c', 1], type: 'int64' }],
  constants: [COLUMNS],
});

const weightsGraph = nativeGraph({
  name: SAMPLE_TOKENS,
  nodes: [...LOGITS, ...WEIGHTS],
  inputs: LOGITS_INPUTS,
  outputs: [TOTAL, ALL_WEIGHTS],
  constants: [COLUMNS],
});

const topKGraph = nativeGraph({
  name: `${SAMPLE_TOKENS} top-k`,
  nodes: [
    ...LOGITS,
    ...WEIGHTS,
    { ...node('TopK', ['weights', 'k'], 'largest'), outputs: ['largest', 'places'] },
  ],
  inputs: [...LOGITS_INPUTS, { name: 'k', dims: [1], type: 'int64' }],
  outputs: [TOTAL, ALL_WEIGHTS, { name: 'largest', dims: ['c', 'k'] }],
  constants: [COLUMNS],
});

const borrow = scratch();

interface Inputs {
  readonly hidden: TensorInfo;
  readonly weight: TensorInfo;
  readonly uniforms: TensorInfo;
}

function sample(inputs: Inputs, attrs: SampleTokensAttributes, backend: BackendWasm, own: Own): TensorInfo[] {
  const { hidden, weight, uniforms } = inputs;
  const [tokens, width] = hidden.shape;
  const vocabularySize = weight.shape[0];
  const { temperature, topP, chunkTokens = rowsOfChunk(vocabularySize, wasmChunks(width)) } = attrs;
  const topK = Math.min(attrs.topK, vocabularySize);
  const outputs = [own(backend.makeOutput([tokens], 'int32')), own(backend.makeOutput([tokens], 'float32'))];
  const hiddens = floats(backend, hidden);
  const numbers = floats(backend, uniforms);
  const tokenIds = integers(backend, outputs[0]);
  const logProbs = floats(backend, outputs[1]);
  const limited = topK < vocabularySize;
  const graph: NativeGraph = temperature === 0 ? greedyGraph : limited ? topKGraph : weightsGraph;

  const rowsHeld = Math.min(tokens, chunkTokens);
  const sampling = temperature > 0;
  const allWeights = borrow('weights', sampling ? rowsHeld * vocabularySize : 0);
  const allLargest = borrow('largest', sampling && limited ? rowsHeld * topK : 0);

  for (const [start, count] of chunksOf(tokens, chunkTokens)) {
    const total = { data: new Float32Array(count), dims: [count, 1] };
    const greedy = { data: new BigInt64Array(count), dims: [count, 1] };
    const matrix = (data: Float32Array, columns: number) => ({
      data: data.subarray(0, count * columns),
      dims: [count, columns],
    });
    graph.run(
      {
        hidden: { data: hiddens.subarray(start * width, (start + count) * width), dims: [count, width] },
        weight: { data: floats(backend, weight), dims: weight.shape },
        scale: { data: Float32Array.of(sampling ? 1 / temperature : 1), dims: [] },
        k: { data: BigInt64Array.of(BigInt(topK)), dims: [1] },
      },
      {
        total,
        ...(sampling ? { weights: matrix(allWeights, vocabularySize) } : { greedy }),
        ...(sampling && limited ? { largest: matrix(allLargest, topK) } : {}),
      },
    );
    for (let row = 0; row < count; row++) {
      const token = start + row;
      if (!sampling) {
        tokenIds[token] = Number(greedy.data[row]);
        logProbs[token] = -Math.log(total.data[row]);
        continue;
      }
      const weights = allWeights.subarray(row * vocabularySize, (row + 1) * vocabularySize);
      const kept = limited ? allLargest.subarray(row * topK, (row + 1) * topK) : weights;
      const smallest = smallestKept(kept, limited, topP);
      const keptTotal = smallest > 0 ? sumAtLeast(weights, smallest) : total.data[row];
      const id = firstPast(weights, smallest, numbers[token] * keptTotal);
      tokenIds[token] = id;
      logProbs[token] = Math.log(weights[id] / total.data[row]);
    }
  }
  return outputs;
}

/** `sampleTokens` on the wasm heap: logits and exponentials by the native engine, the draw in a loop. */
export const SAMPLE_TOKENS_WASM: readonly WasmKernel[] = [
  wasmKernel<Inputs, SampleTokensAttributes, TensorInfo[]>(SAMPLE_TOKENS, ({ inputs, attrs, backend }) =>
    allOrNothing(backend, (own) => sample(inputs, attrs, backend, own)),
  ),
];
