/**
 * One function in WebAssembly, written out: the AdamW step over four float32 at a time on somebody else's memory.
 *
 *   step(parameter, gradient, first, second, newParameter, newFirst, newSecond, bytes,
 *        beta1, 1 − beta1, beta2, 1 − beta2, rate, epsilon, shrink)
 *
 * Addresses and `bytes`, a positive multiple of 16, are i32; the rest f32. With g the gradient:
 * first ← beta1·first + (1 − beta1)·g; second ← beta2·second + (1 − beta2)·g²;
 * parameter ← shrink·parameter − rate·first / (√second + epsilon).
 */
export type AdamWStep = (...addressesAndFactors: number[]) => void;

const POINTERS = {
  parameter: 0,
  gradient: 1,
  first: 2,
  second: 3,
  newParameter: 4,
  newFirst: 5,
  newSecond: 6,
};
const BYTES = 7;
const FACTORS = { beta1: 8, rest1: 9, beta2: 10, rest2: 11, rate: 12, epsilon: 13, shrink: 14 };
const PARAMETERS = 15;
/** Locals after the parameters: the place in bytes, three vectors, and the factors as vectors. */
const PLACE = PARAMETERS;
const G = PARAMETERS + 1;
const M = PARAMETERS + 2;
const V = PARAMETERS + 3;
const SPREAD = PARAMETERS + 4;

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const MUL = [0xfd, 0xe6, 0x01];
const ADD = [0xfd, 0xe4, 0x01];
const SUB = [0xfd, 0xe5, 0x01];
const DIV = [0xfd, 0xe7, 0x01];
const SQRT = [0xfd, 0xe3, 0x01];
const STORE = [0xfd, 0x0b, 0x02, 0x00];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const address = (pointer: number): number[] => [...get(pointer), ...get(PLACE), 0x6a];
const load = (pointer: number): number[] => [...address(pointer), 0xfd, 0x00, 0x02, 0x00];
const factor = (local: number): number[] => get(SPREAD + local - FACTORS.beta1);
const times = (a: number[], b: number[]): number[] => [...a, ...b, ...MUL];
const plus = (a: number[], b: number[]): number[] => [...a, ...b, ...ADD];

function code(): number[] {
  const { beta1, rest1, beta2, rest2, rate, epsilon, shrink } = FACTORS;
  const splats = Object.values(FACTORS).flatMap((local) => [
    ...[...get(local), 0xfd, 0x13],
    ...set(SPREAD + local - FACTORS.beta1),
  ]);
  const direction = [...get(M), ...get(V), ...SQRT, ...factor(epsilon), ...ADD, ...DIV];
  const body = [
    ...[...load(POINTERS.gradient), ...set(G)],
    ...[...plus(times(factor(beta1), load(POINTERS.first)), times(factor(rest1), get(G))), ...set(M)],
    ...plus(times(factor(beta2), load(POINTERS.second)), times(factor(rest2), times(get(G), get(G)))),
    ...set(V),
    ...[...address(POINTERS.newFirst), ...get(M), ...STORE],
    ...[...address(POINTERS.newSecond), ...get(V), ...STORE],
    ...address(POINTERS.newParameter),
    ...times(factor(shrink), load(POINTERS.parameter)),
    ...times(factor(rate), direction),
    ...[...SUB, ...STORE],
  ];
  const advance = [...get(PLACE), 0x41, 16, 0x6a, 0x22, PLACE, ...get(BYTES), 0x49];
  const loop = [0x03, 0x40, ...body, ...advance, 0x0d, 0x00, 0x0b];
  const locals = [2, 1, I32, 3 + Object.keys(FACTORS).length, V128];
  return [...locals, ...splats, ...loop, 0x0b];
}

const unsigned = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];
const text = (value: string): number[] => [value.length, ...Buffer.from(value)];

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const types = [...Array<number>(8).fill(I32), ...Array<number>(7).fill(F32)];
  const body = code();
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, types.length, ...types, 0]),
    ...section(2, [1, ...text('env'), ...text('memory'), 0x02, 0x00, 0x00]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('step'), 0x00, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

/** A WebAssembly memory. TypeScript's own name for it comes with a browser's library, which Node does without. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly step: AdamWStep } };
}

const steps = new WeakMap<WasmMemory, AdamWStep>();

/** The function on a memory, made once for it. */
export function adamWStepOn(memory: WasmMemory): AdamWStep {
  let step = steps.get(memory);
  if (step === undefined) {
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
    step = new Instance(new Module(moduleBytes()), { env: { memory } }).exports.step;
    steps.set(memory, step);
  }
  return step;
}
