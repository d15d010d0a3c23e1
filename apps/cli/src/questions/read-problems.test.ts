import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.js';
import { postTrainConfig } from '../config/post-train-config.js';
import { benchmarkText } from './benchmark-text.js';
import { readProblems } from './read-problems.js';
import { tokeniseQuestions } from './tokenise-questions.js';

const folder = await temporaryFolder();
const file = (name: string) => join(folder, name);
await writeFile(file('a.jsonl'), '{"q":"1+1?","a":2}\n{"q":"1+2?","a":"3"}\n');
await writeFile(file('c.jsonl'), '{"q":"9+9?","a":18}\n');
await writeFile(file('b.jsonl.gz'), gzipSync('{"q":"2+2?","a":4}\n'));
await writeFile(file('cut.jsonl.gz'), gzipSync('{"q":"2+2?","a":4}\n').subarray(0, 20));

const config = (questions: object, evaluation: object = {}) =>
  postTrainConfig.parse({
    model: 'm',
    output: 'o',
    steps: 1,
    questions: { benchmark: 'own', question: 'q', gold: 'a', ...questions },
    evaluation,
  });

describe('readProblems', () => {
  test('joins files, compressed or not, and tells their questions apart', async () => {
    const files = [file('a.jsonl'), file('b.jsonl.gz')];
    const { training, heldOut } = await readProblems(config({ files }, { files: files[1] }));
    expect(training.map(({ id, question, gold }) => [id, question, gold])).toEqual([
      ['a.jsonl:1', '1+1?', '2'],
      ['a.jsonl:2', '1+2?', '3'],
      ['b.jsonl.gz:1', '2+2?', '4'],
    ]);
    expect(heldOut.map(({ id }) => id)).toEqual(['b.jsonl.gz:1']);
  });

  test('never gives two questions one id, whatever the files call them', async () => {
    const { training, heldOut } = await readProblems(
      config({ files: file('a.jsonl') }, { files: file('c.jsonl') }),
    );
    expect(training[0]).toMatchObject({ id: 'a.jsonl:1', gold: '2' });
    expect(heldOut[0]).toMatchObject({ id: 'c.jsonl:1', gold: '18' });
    const other = join(folder, 'deep', 'a.jsonl');
    await mkdir(join(folder, 'deep'));
    await writeFile(other, '{"q":"1+1?","a":3}\n');
    await expect(readProblems(config({ files: file('a.jsonl') }, { files: other }))).rejects.toThrow(
      'deep/a.jsonl: another file of questions is called a.jsonl as well; rename one',
    );
  });

  test('takes the first so many; asks nothing where nothing is held out', async () => {
    const { training, heldOut } = await readProblems(config({ files: file('a.jsonl'), limit: 1 }));
    expect([training.length, heldOut.length]).toEqual([1, 0]);
  });
});

test('a file that is cut off or missing gets one line', async () => {
  await expect(benchmarkText(file('cut.jsonl.gz'))).rejects.toThrow(
    /^.*cut\.jsonl\.gz: cannot be read \(.*\); give/,
  );
  await expect(benchmarkText(file('none.jsonl'))).rejects.toThrow(/none\.jsonl: not found/);
});

test('questions that leave no room are named or left out, never shortened', () => {
  const problem = (id: string, question: string) => ({
    id,
    question,
    gold: '1',
    subject: null,
    level: null,
    gradeOptions: {},
  });
  const problems = [problem('short', 'ab'), problem('long', 'abcdefgh')];
  const options = {
    encode: (question: string) => [...`${question}\n`].map((letter) => letter.charCodeAt(0)),
    maxNewTokens: 5,
    maxPositions: 10,
    configFile: 'c.yaml',
  };
  expect(() => tokeniseQuestions(problems, { ...options, overlong: 'error' })).toThrow(
    'c.yaml: questions: long: its prompt has 9 tokens',
  );
  const kept = tokeniseQuestions(problems, { ...options, overlong: 'skip' });
  expect(kept.map(({ id, promptTokenIds }) => [id, [...promptTokenIds]])).toEqual([['short', [97, 98, 10]]]);
  expect(() => tokeniseQuestions(problems.slice(1), { ...options, overlong: 'skip' })).toThrow(
    'leaves room for none of the questions',
  );
});
