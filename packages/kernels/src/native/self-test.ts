import { encodeModel } from './onnx-model.js';
import { type OrtBinding, type OrtSessionOptions, type OrtTensor, runWithoutCopies } from './ort-binding.js';

/** What a check of the native engine found. */
export interface NativeCheck {
  readonly ok: boolean;
  /** Why it can or cannot be used, in one line. */
  readonly reason: string;
}

const PRODUCT = encodeModel({
  name: 'self-test',
  nodes: [
    {
      op: 'FusedMatMul',
      domain: 'com.microsoft',
      inputs: ['a', 'b'],
      outputs: ['y'],
      attributes: { transB: { int: 1 }, alpha: { float: 0.5 } },
    },
  ],
  inputs: [
    { name: 'a', dims: ['m', 'k'] },
    { name: 'b', dims: ['n', 'k'] },
  ],
  outputs: [{ name: 'y', dims: ['m', 'n'] }],
});

const GUARD = -7;

const tensor = (data: Float32Array, dims: readonly number[]): OrtTensor => ({
  type: 'float32',
  location: 'cpu',
  data,
  dims,
});

/**
 * Runs ½·[[1,2,3],[4,5,6]]·[[1,0,2],[0,1,-1]]ᵀ = [[3.5,-0.5],[8,-0.5]] into the middle of a buffer, which shows
 * that the binding computes and writes where it is told to, without a copy and not beyond.
 */
export function checkBinding(binding: OrtBinding, options: OrtSessionOptions): NativeCheck {
  const memory = new Float32Array(32).fill(GUARD);
  memory.set([1, 2, 3, 4, 5, 6], 1);
  memory.set([1, 0, 2, 0, 1, -1], 9);
  try {
    const session = binding.createSession();
    session.loadModel(PRODUCT.buffer, PRODUCT.byteOffset, PRODUCT.byteLength, options);
    runWithoutCopies(
      session,
      { a: tensor(memory.subarray(1, 7), [2, 3]), b: tensor(memory.subarray(9, 15), [2, 3]) },
      { y: tensor(memory.subarray(17, 21), [2, 2]) },
    );
    session.dispose();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `self-test failed (${text.split('\n')[0]})` };
  }
  const found = [...memory.subarray(16, 22)];
  const expected = [GUARD, 3.5, -0.5, 8, -0.5, GUARD];
  if (found.some((value, i) => value !== expected[i])) {
    return { ok: false, reason: `self-test wrote [${found}] where [${expected}] was expected` };
  }
  return { ok: true, reason: 'self-test passed' };
}
