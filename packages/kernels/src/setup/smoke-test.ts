import { runProgram } from './run-program.js';
import { SetupError } from './setup-error.js';
import { setupPlaces } from './setup-folder.js';

/** What a freshly started process found. */
export interface SmokeTest {
  /** libtensorflow's own version. */
  readonly version: string;
  /** What it can compute on, as `CPU:0` or `GPU:0`. */
  readonly devices: readonly string[];
}

/** A device as TensorFlow lists it, in short. */
export const deviceName = ({ name, type }: { readonly name: string; readonly type: string }): string =>
  `${type}${name.slice(name.lastIndexOf(':'))}`;

/** [[1, 2], [3, 4]]² = [[7, 10], [15, 22]]. */
const PROGRAM = `
require(process.argv[1]);
const binding = require(process.argv[2]);
const x = binding.createTensor([2, 2], binding.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
const attribute = (name, type, value) => ({ name, type, value });
const [{ id }] = binding.executeOp('MatMul', [
  attribute('transpose_a', binding.TF_ATTR_BOOL, false),
  attribute('transpose_b', binding.TF_ATTR_BOOL, false),
  attribute('T', binding.TF_ATTR_TYPE, binding.TF_FLOAT),
], [x, x], 1);
const product = [...binding.tensorDataSync(id)];
console.log(JSON.stringify({ version: binding.TF_Version, devices: binding.listDevices(), product }));
`;

/**
 * Loads what a set-up folder holds in a process of its own, multiplies two matrices and asks for the devices.
 * @throws {SetupError} when it does not load or computes something else
 */
export async function smokeTest(folder: string): Promise<SmokeTest> {
  const { before, binding } = setupPlaces(folder);
  const { ok, stdout, lastLine } = await runProgram(process.execPath, ['-e', PROGRAM, before, binding], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  if (!ok) throw new SetupError(`setup tensorflow: the binding does not load (${lastLine})`);
  const { version, devices, product } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    readonly version: string;
    readonly devices: readonly { readonly name: string; readonly type: string }[];
    readonly product: readonly number[];
  };
  if (`${product}` !== '7,10,15,22') {
    throw new SetupError(`setup tensorflow: TensorFlow ${version} multiplies wrongly here (${product})`);
  }
  return { version, devices: devices.map(deviceName) };
}
