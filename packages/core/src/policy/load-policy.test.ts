import { rmSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBackend } from '../../test/start-backend.js';
import type { NamedTensor } from '../model-files/named-tensor.js';
import { readSafetensors } from '../model-files/read-safetensors.js';
import { SafetensorsError } from '../model-files/safetensors-error.js';
import { writeSafetensors } from '../model-files/write-safetensors.js';
import { loadPolicy } from './load-policy.js';

const LLAMA = fileURLToPath(new URL('../../fixtures/llama', import.meta.url));

let directory: string;
beforeEach(async () => {
  await startBackend();
  directory = await mkdtemp(join(tmpdir(), 'model-'));
  await cp(LLAMA, directory, { recursive: true });
});
afterEach(() => rm(directory, { recursive: true }));

describe('a model that cannot be loaded leaves no tensor', () => {
  it('where its last one is of a type that is not read, which its header says', async () => {
    const file = join(directory, 'model.safetensors');
    const bytes = await readFile(file);
    const text = bytes.toString('latin1');
    const last = text.lastIndexOf('"dtype":"F32"', 8 + Number(bytes.readBigUInt64LE(0)));
    bytes.write('"dtype":"I32"', last);
    await writeFile(file, bytes);
    const before = tf.memory().numTensors;
    await expect(loadPolicy(directory)).rejects.toThrow(SafetensorsError);
    await expect(loadPolicy(directory)).rejects.toThrow(
      /tensor model\..*: dtype is I32, expected one of F64, F32, F16, BF16/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('where a file of it is taken away meanwhile', async () => {
    const single = join(directory, 'model.safetensors');
    const tensors: [string, NamedTensor][] = [];
    for await (const pair of readSafetensors(single)) tensors.push(pair);
    const [shards, half] = [['a.safetensors', 'b.safetensors'], Math.floor(tensors.length / 2)];
    await writeSafetensors(join(directory, shards[0]), tensors.slice(0, half));
    await writeSafetensors(join(directory, shards[1]), tensors.slice(half));
    const weightMap = Object.fromEntries(tensors.map(([name], i) => [name, shards[Number(i >= half)]]));
    await writeFile(
      join(directory, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: weightMap }),
    );
    await rm(single);

    const before = tf.memory().numTensors;
    const loading = expect(loadPolicy(directory)).rejects.toThrow(/b\.safetensors: not found/);
    while (tf.memory().numTensors === before) await Promise.race([loading, setImmediate()]);
    rmSync(join(directory, shards[1]));
    await loading;
    expect(tf.memory().numTensors).toBe(before);
  });
});
