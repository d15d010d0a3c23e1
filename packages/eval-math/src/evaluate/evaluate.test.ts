import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { Benchmark } from '../benchmarks/problem.js';
import { type EvaluateOptions, evaluate, type Generate } from './evaluate.js';
import type { ProblemResult } from './result.js';

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'eval-math-'));
  folders.push(folder);
  return join(folder, 'cache');
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const benchmark: Benchmark = {
  name: 'own',
  problems: [1, 2, 3, 4].map((n) => ({
    id: `p${n}`,
    question: `What is ${n} + ${n}?`,
    gold: `${2 * n}`,
    subject: null,
    level: null,
    gradeOptions: {},
  })),
};
/** Answers rightly but for the third problem. */
const answering: Generate = async ({ problem, sample }) =>
  `Sample ${sample}: \\boxed{${problem.id === 'p3' ? 7 : problem.gold}}`;

async function run(generate: Generate, options?: EvaluateOptions): Promise<ProblemResult[]> {
  const results: ProblemResult[] = [];
  for await (const result of evaluate(generate, benchmark, options)) results.push(result);
  return results;
}

describe('evaluate', () => {
  it('grades each sample of each problem, in the order of the benchmark', async () => {
    const results = await run(answering, { samples: 2, concurrency: 3 });
    expect(results.map(({ id, correct, samples }) => [id, correct, samples.length])).toEqual([
      ['p1', 2, 2],
      ['p2', 2, 2],
      ['p3', 0, 2],
      ['p4', 2, 2],
    ]);
    expect(results[2].samples[1]).toMatchObject({
      text: 'Sample 1: \\boxed{7}',
      prediction: '7',
      correct: false,
    });
  });

  it('asks with the question in the prompt, for a box unless told otherwise', async () => {
    const prompts: string[] = [];
    const generate: Generate = async ({ prompt }) => {
      prompts.push(prompt);
      return '';
    };
    await run(generate, { limit: 1 });
    await run(generate, { limit: 1, prompt: (question) => `Q: ${question}` });
    expect(prompts[0]).toMatch(/^What is 1 \+ 1\?[\s\S]*\\boxed\{\}/);
    expect(prompts[1]).toBe('Q: What is 1 + 1?');
  });

  it("lets a problem's own options of the grade come first", async () => {
    const [problem] = benchmark.problems;
    const close: Benchmark = { name: 'own', problems: [{ ...problem, gradeOptions: { tolerance: 0.5 } }] };
    for await (const result of evaluate(async () => '2.4', close, { gradeOptions: { tolerance: 0 } }))
      expect(result.correct).toBe(1);
  });

  it('generates nothing twice that is in the cache, and goes on where it was stopped', async () => {
    const cacheDir = await newFolder();
    const asked: string[] = [];
    const generate: Generate = async (request) => {
      asked.push(`${request.problem.id}/${request.sample}`);
      if (request.problem.id === 'p3' && asked.filter((one) => one === 'p3/0').length === 1)
        throw new Error('the server went away');
      return answering(request);
    };
    const options = { samples: 2, concurrency: 1, cacheDir, cacheKey: 'model' };
    await expect(run(generate, options)).rejects.toMatchObject({
      code: 'GENERATION_FAILED',
      message: 'problem p3, sample 0: the server went away',
    });
    const results = await run(generate, options);
    expect(results.map(({ cached }) => cached)).toEqual([2, 2, 0, 0]);
    expect(asked).toEqual(['p1/0', 'p1/1', 'p2/0', 'p2/1', 'p3/0', 'p3/0', 'p3/1', 'p4/0', 'p4/1']);
    const again = await run(generate, options);
    expect(again.map(({ cached }) => cached)).toEqual([2, 2, 2, 2]);
    expect(again.map(({ samples }) => samples)).toEqual(results.map(({ samples }) => samples));
  });

  it('keeps the texts of other generators and prompts apart', async () => {
    const cacheDir = await newFolder();
    await run(answering, { cacheDir, cacheKey: 'one' });
    const other = await run(answering, { cacheDir, cacheKey: 'two' });
    const reworded = await run(answering, { cacheDir, cacheKey: 'one', prompt: (question) => question });
    expect([...other, ...reworded].every(({ cached }) => cached === 0)).toBe(true);
    expect((await readdir(cacheDir)).every((name) => name.endsWith('.json'))).toBe(true);
  });

  it('names the file of a damaged cache', async () => {
    const cacheDir = await newFolder();
    await run(answering, { cacheDir, limit: 1 });
    const [name] = await readdir(cacheDir);
    for (const damaged of [
      (await readFile(join(cacheDir, name), 'utf8')).slice(0, 9),
      '{"key":"other","text":"x"}',
      'null',
    ]) {
      await writeFile(join(cacheDir, name), damaged);
      await expect(run(answering, { cacheDir, limit: 1 })).rejects.toMatchObject({
        code: 'INVALID_CACHE',
        message: expect.stringContaining(name),
      });
    }
  });

  it('stops with the reason of its signal', async () => {
    const controller = new AbortController();
    const generate: Generate = async ({ problem, signal }) => {
      if (problem.id === 'p2') controller.abort(new Error('enough'));
      await wait(1, undefined, { signal });
      return '2';
    };
    await expect(run(generate, { signal: controller.signal, concurrency: 1 })).rejects.toThrow('enough');
  });

  it.each([{ samples: 0 }, { samples: 1.5 }, { concurrency: 0 }, { limit: 0 }])(
    'refuses %o',
    async (options) => {
      await expect(run(answering, options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    },
  );

  it('refuses an answer that is no text', async () => {
    await expect(run((async () => 5) as unknown as Generate)).rejects.toMatchObject({
      code: 'GENERATION_FAILED',
      message: expect.stringContaining('problem p1, sample 0'),
    });
  });
});
