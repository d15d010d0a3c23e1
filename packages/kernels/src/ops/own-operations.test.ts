import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findSetups, setupPlaces } from '../setup/setup-folder.js';

const [setup] = findSetups();
/** A program of util-linux. */
const LIMITER = '/usr/bin/prlimit';

/**
 * RMS norm's gradient has a large output and a small one. With 48 MiB of addresses left the first, of 64 MiB, finds no memory,
 * and the second does.
 */
const PROGRAM = `
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
require(process.argv[1]);
const binding = require(process.argv[2]);
const [rows, width] = [16384, 1024];
const ones = (...shape) =>
  binding.createTensor(shape, binding.TF_FLOAT, new Float32Array(shape.reduce((a, b) => a * b)).fill(1));
const run = (x, weight) => binding.executeOp(
  'MidtrainRmsNormGradient', [{ name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: 1e-5 }], [x, weight, x], 2);
const [x, weight] = [ones(rows, width), ones(width)];
run(ones(2, width), weight);
const [, size] = /VmSize:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
execFileSync('${LIMITER}', ['--pid', String(process.pid), '--as=' + (size * 1024 + 48 * 2 ** 20)]);
try {
  run(x, weight);
  console.log('computed');
} catch (error) {
  console.log(error.message);
}
`;

// Runs where a TensorFlow is set up.
describe.skipIf(!setup || setup.manifest.cuda || !existsSync(LIMITER))("the binding's own operations", () => {
  it('fail where one of several outputs finds no memory', () => {
    const { before, binding } = setupPlaces(setup.folder);
    const { status, stdout } = spawnSync(process.execPath, ['-e', PROGRAM, before, binding], {
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', TF_NUM_INTRAOP_THREADS: '1' },
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/OOM|TF_Status: 8/) });
  });
});
