import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { grade } from '../grade/grade.js';
import { type BenchmarkFormat, parseBenchmark, readBenchmark } from './read-benchmark.js';

const lines = (...rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const one = (format: BenchmarkFormat, row: unknown) =>
  parseBenchmark(format, lines(row), 'f.jsonl').problems[0];
const bad = (message: RegExp) =>
  expect.objectContaining({ code: 'INVALID_BENCHMARK', message: expect.stringMatching(message) });

describe('GSM8K', () => {
  it('takes the number behind ####', () => {
    const answer = 'Janet sells 16 - 3 - 4 = <<16-3-4=9>>9 eggs.\nShe makes 9 * 2 = $<<9*2=18>>18.\n#### 18';
    expect(one('gsm8k', { question: 'How much?', answer })).toMatchObject({
      id: '1',
      question: 'How much?',
      gold: '18',
    });
    expect(one('gsm8k', { question: 'q', answer: 'so\n#### 70,000\n' }).gold).toBe('70,000');
  });

  it('names the line of an answer without it', () => {
    expect(() =>
      parseBenchmark(
        'gsm8k',
        lines({ question: 'q', answer: '#### 1' }, { question: 'q', answer: '2' }),
        'f.jsonl',
      ),
    ).toThrow(bad(/^f\.jsonl:2: answer .*####/));
  });
});

describe('MATH and MATH-500', () => {
  it('takes answer, subject, level and id', () => {
    const row = {
      problem: 'p',
      solution: 's',
      answer: '\\frac{1}{2}',
      subject: 'Algebra',
      level: 3,
      unique_id: 'test/algebra/1.json',
    };
    expect(one('math500', row)).toMatchObject({
      id: 'test/algebra/1.json',
      gold: '\\frac{1}{2}',
      subject: 'Algebra',
      level: '3',
    });
  });

  it('takes the box of the solution where there is no answer', () => {
    const problem = one('math', {
      problem: 'p',
      solution: 'Thus $x = \\boxed{4}$.',
      type: 'Geometry',
      level: 'Level 5',
    });
    expect(problem).toMatchObject({ subject: 'Geometry', level: '5' });
    expect(grade(problem.gold, '4').correct).toBe(true);
  });
});

describe('AIME and AMC', () => {
  it.each([
    [{ problem: 'p', answer: '033' }, '33'],
    [{ question: 'p', answer: 27.0 }, '27'],
    [{ problem: 'p', answer: '27.0' }, '27'],
    [{ problem: 'p', answer: '$204$' }, '204'],
  ])('reads %o', (row, gold) => {
    expect(one('aime', row).gold).toBe(gold);
    expect(one('amc', row).gold).toBe(gold);
  });

  it('refuses an answer that is no whole number', () => {
    expect(() => one('aime', { problem: 'p', answer: '1/2' })).toThrow(
      bad(/^f\.jsonl:1: answer must be a whole number/),
    );
  });
});

describe('OlympiadBench', () => {
  const row = {
    id: 7,
    question: 'q',
    context: null,
    final_answer: ['$2$', '$3$'],
    unit: null,
    error: null,
    subfield: 'Algebra',
  };

  it('joins several answers', () => {
    const problem = one('olympiadbench', row);
    expect(problem).toMatchObject({ id: '7', subject: 'Algebra', gradeOptions: {} });
    expect(grade(problem.gold, '3 and 2').correct).toBe(true);
    expect(grade(problem.gold, '3').correct).toBe(false);
  });

  it('gives a single value its unit', () => {
    const metres = one('olympiadbench', { ...row, final_answer: ['$5$'], unit: 'm' });
    expect(['5', '5 m', '500 cm'].map((answer) => grade(metres.gold, answer).correct)).toEqual([
      true,
      true,
      true,
    ]);
    expect(grade(metres.gold, '5 cm').correct).toBe(false);
    const share = one('olympiadbench', { ...row, final_answer: ['8'], unit: '%' });
    expect(grade(share.gold, '0.08').correct).toBe(true);
    const degrees = one('olympiadbench', { ...row, final_answer: ['$90$'], unit: '$^{\\circ}$' });
    expect(grade(degrees.gold, '\\frac{\\pi}{2}').correct).toBe(true);
  });

  it('grades within its tolerance', () => {
    const problem = one('olympiadbench', { ...row, final_answer: ['2.65'], error: '1e-1' });
    expect(problem.gradeOptions).toEqual({ tolerance: 0.1 });
    expect(
      [2.7, 2.8].map((answer) => grade(problem.gold, `${answer}`, problem.gradeOptions).correct),
    ).toEqual([true, false]);
  });

  it('puts the context before the question', () => {
    expect(one('olympiadbench', { ...row, context: 'Let $n$ be even.' }).question).toBe(
      'Let $n$ be even.\n\nq',
    );
  });

  it.each([
    [{ ...row, final_answer: '2' }, /final_answer must be a list/],
    [{ ...row, final_answer: [] }, /final_answer must be a list/],
    [{ ...row, error: 'small' }, /error must be a number/],
    [{ ...row, error: '-1' }, /error must be a number/],
  ])('refuses %o', (changed, message) => {
    expect(() => one('olympiadbench', changed)).toThrow(bad(message));
  });
});

describe("one's own file", () => {
  it('takes the usual names of question and answer', () => {
    expect(one('own', { prompt: 'p', answer: 5, difficulty: 'hard', subject: 's' })).toMatchObject({
      id: '1',
      question: 'p',
      gold: '5',
      level: 'hard',
      subject: 's',
    });
    expect(one('own', { id: 'x', question: 'q', gold: '\\pi' })).toMatchObject({ id: 'x', gold: '\\pi' });
  });
});

describe('any file', () => {
  it('skips blank lines and a byte order mark, and takes Windows line ends', () => {
    const text = `\uFEFF${lines({ question: 'q', gold: '1' })}\r\n\r\n${lines({ question: 'r', gold: '2' })}\r\n`;
    expect(parseBenchmark('own', text, 'f.jsonl').problems.map(({ id }) => id)).toEqual(['1', '3']);
  });

  it.each([
    ['', /no problems/],
    ['{"question": "q"', /^f\.jsonl:1: not JSON/],
    ['[1]', /^f\.jsonl:1: expected one object/],
    ['null', /^f\.jsonl:1: expected one object/],
    ['{"question": " ", "gold": "1"}', /^f\.jsonl:1: question or problem or prompt must be a text/],
    ['{"question": "q", "gold": ["1"]}', /^f\.jsonl:1: gold or answer or final_answer must be a text/],
    ['{"__proto__": {"question": "q", "gold": "1"}}', /^f\.jsonl:1: question/],
    [
      '{"id":"a","question":"q","gold":"1"}\n{"id":"a","question":"q","gold":"1"}',
      /^f\.jsonl:2: the id a is there twice/,
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseBenchmark('own', text, 'f.jsonl')).toThrow(bad(message));
  });

  it('refuses a format it does not know', () => {
    for (const format of ['gsm', '__proto__', 'constructor'])
      expect(() => parseBenchmark(format as BenchmarkFormat, '{}', 'f')).toThrow(bad(/must be one of gsm8k/));
  });

  it('reads from disk, and names the file where it cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eval-math-'));
    const path = join(folder, 'own.jsonl');
    await writeFile(path, lines({ question: 'q', gold: '1' }));
    expect((await readBenchmark('own', path)).problems).toHaveLength(1);
    await writeFile(path, lines({ task: 'q', solution: '2', gold: '1' }));
    const { problems } = await readBenchmark('own', path, { question: 'task', gold: 'solution' });
    expect(problems[0]).toMatchObject({ question: 'q', gold: '2' });
    await rm(folder, { recursive: true });
    await expect(readBenchmark('own', path)).rejects.toEqual(bad(/own\.jsonl: cannot be read/));
  });
});
