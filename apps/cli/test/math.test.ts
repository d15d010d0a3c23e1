import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './support/cli.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { makeTinyModel } from './support/tiny-model.js';

const folder = await temporaryFolder();
beforeAll(() => makeTinyModel(folder), 120_000);

describe('midtrain math grade', () => {
  test('writes a verdict a pair, in their order', { timeout: 30_000 }, async () => {
    const pairs = [
      { id: 'half', gold: '\\frac{1}{2}', prediction: 'It is \\boxed{0.5}.' },
      { id: 7, gold: '3', prediction: '4' },
    ];
    await writeFile(join(folder, 'pairs.jsonl'), pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
    const { status, stdout } = await runCli(
      ['math', 'grade', 'pairs.jsonl', '--out', 'graded.jsonl', '--json'],
      folder,
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ graded: 2, correct: 1 });
    const lines = (await readFile(join(folder, 'graded.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: 'half', correct: true },
      { id: 7, correct: false },
    ]);
  });

  test("follows each line's options", { timeout: 30_000 }, async () => {
    const pairs = [
      { id: 1, gold: '3.14', prediction: '\\pi', precision: 2 },
      { id: 2, gold: '3.14', prediction: '\\pi' },
      { id: 3, gold: '(1, 2)', prediction: '1 < x < 2', allowSetRelation: true },
      { id: 4, gold: 'f(x)', prediction: 'f(y)', strict: false },
      { id: 5, gold: 'B', prediction: 'The answer is B.', extract: ['string'] },
      { id: 6, gold: '1', prediction: '' },
    ];
    await writeFile(join(folder, 'options.jsonl'), pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
    const { stdout } = await runCli(['math', 'grade', 'options.jsonl', '--out', 'verdicts.jsonl'], folder);
    expect(stdout).toBe('4 of 6 correct → verdicts.jsonl\n');
    const lines = (await readFile(join(folder, 'verdicts.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).correct)).toEqual([true, false, true, true, true, false]);
    expect(Object.keys(JSON.parse(lines[0]))).toEqual(['id', 'correct', 'gold', 'prediction', 'reason']);
    expect(JSON.parse(lines[5]).prediction).toBeNull();
  });

  test('names a file that is not there', { timeout: 30_000 }, async () => {
    const { status, stderr } = await runCli(['math', 'grade', 'gone.jsonl', '--out', 'none.jsonl'], folder);
    expect(stderr).toBe('error: gone.jsonl: not found; give a JSONL file\n');
    expect(status).toBe(2);
  });

  test('names a bad line, and then writes nothing', { timeout: 30_000 }, async () => {
    await writeFile(join(folder, 'bad.jsonl'), '{"id":1,"gold":"1","prediction":"1"}\n{"id":2,"gold":"1"}\n');
    const { status, stderr } = await runCli(['math', 'grade', 'bad.jsonl', '--out', 'none.jsonl'], folder);
    expect(stderr).toMatch(/^error: bad\.jsonl:2: prediction .*\n$/);
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'none.jsonl'))).toBe(false);
  });
});

describe('midtrain eval math', () => {
  const args = ['eval', 'math', 'base/model', '--benchmark', 'own', '--file', 'own.jsonl'];

  test('gives pass@k of its answers', { timeout: 30_000 }, async () => {
    await writeFile(join(folder, 'own.jsonl'), '{"id":"a","question":"Tom has","answer":"nothing of it"}\n');
    const flags = ['--prompt', '{question}', '--samples', '2', '--max-new-tokens', '4', '--temperature', '1'];
    const { status, stdout, stderr } = await runCli(
      [...args, ...flags, '--out', 'answers.jsonl', '--json'],
      folder,
    );
    expect(stderr).not.toContain('error');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      benchmark: 'own',
      problems: 1,
      samples: 2,
      passAt1: { value: 0 },
    });
    const [answer] = (await readFile(join(folder, 'answers.jsonl'), 'utf8')).trim().split('\n');
    expect(JSON.parse(answer).samples).toHaveLength(2);
  });

  test('refuses questions that leave no room for an answer', { timeout: 30_000 }, async () => {
    const { status, stderr } = await runCli([...args, '--max-new-tokens', '90'], folder);
    expect(stderr).toMatch(/^error: problem a: its prompt has \d+ tokens .* context of 96 together\n$/);
    expect(status).toBe(2);
  });
});
