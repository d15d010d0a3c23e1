import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectCorpus } from './collect-corpus.js';
import { CorpusError } from './corpus-error.js';
import { type CorpusOptions, openCorpus } from './open-corpus.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'corpus-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(directory, name), content);
  return join(directory, name);
}

const read = (options: CorpusOptions) => collectCorpus(openCorpus(options));

describe('GSM8K, as it is shipped', () => {
  const assets = fileURLToPath(new URL('../../../../apps/cli/assets/gsm8k', import.meta.url));

  it('has its 7,473 and 1,319 problems, and loses its calculator notes to a pattern', async () => {
    const options = { template: '{question}\n{answer}', removePattern: '<<[^<>]*>>' };
    const training = await read({ files: [join(assets, 'train.jsonl.gz')], ...options });
    const test = await read({ files: [join(assets, 'test.jsonl.gz')], ...options });
    expect([training.length, test.length]).toEqual([7473, 1319]);
    expect(training[0]).toEqual({
      id: 'train.jsonl.gz:1',
      text: 'Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May. How many clips did Natalia sell altogether in April and May?\nNatalia sold 48/2 = 24 clips in May.\nNatalia sold 48+24 = 72 clips altogether in April and May.\n#### 72',
      fields: { question: expect.any(String), answer: expect.stringContaining('48/2 = <<48/2=24>>24') },
      removed: [
        { at: 176, text: '<<48/2=24>>' },
        { at: 214, text: '<<48+24=72>>' },
      ],
    });
    expect([...training, ...test].filter(({ text }) => /<<|>>/.test(text))).toEqual([]);
  });
});

describe('what a pattern removes', () => {
  it('can be put back where it was: its first group, or all of it', async () => {
    const marked = fc
      .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('<<', '>>', '<<1+1=2>>', '<<>>')))
      .map((parts) => parts.join(''))
      .filter((text) => text.replace(/<<([^<>]*)>>/gu, '') !== '');
    await fc.assert(
      fc.asyncProperty(marked, async (text) => {
        const path = await file('marked.jsonl', JSON.stringify({ text }));
        for (const [removePattern, around] of [
          ['<<[^<>]*>>', (piece: string) => piece],
          ['<<([^<>]*)>>', (piece: string) => `<<${piece}>>`],
        ] as const) {
          const [document] = await read({ files: [path], removePattern });
          const whole = [...(document.removed ?? [])]
            .reverse()
            .reduce(
              (kept, { at, text: piece }) => kept.slice(0, at) + around(piece) + kept.slice(at),
              document.text,
            );
          expect(whole).toBe(text);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('plain text', () => {
  it('is one document a file, or one a paragraph', async () => {
    const path = await file('a.txt', '\uFEFFone\r\ntwo\r\n\r\n \nthree\n');
    expect(await read({ files: [path] })).toEqual([
      { id: 'a.txt:1', text: 'one\ntwo\n\n \nthree', fields: { text: 'one\ntwo\n\n \nthree' } },
    ]);
    const paragraphs = await read({ files: [path], textUnit: 'paragraph' });
    expect(paragraphs.map(({ id, text }) => [id, text])).toEqual([
      ['a.txt:1', 'one\ntwo'],
      ['a.txt:5', 'three'],
    ]);
  });

  it('may be compressed', async () => {
    const path = await file('b.txt.gz', gzipSync('héllo'));
    expect((await read({ files: [path] }))[0].text).toBe('héllo');
  });
});

describe('JSON lines', () => {
  it('give any text back, with the line it stood in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 }),
        fc.boolean(),
        async (texts, compressed) => {
          const lines = texts.map((text) => `${JSON.stringify({ text })}\n\n`).join('');
          const path = await file(
            compressed ? 'p.jsonl.gz' : 'p.jsonl',
            compressed ? gzipSync(lines) : lines,
          );
          const documents = await read({ files: [path] });
          expect(documents.map(({ text }) => text)).toEqual(texts);
          expect(documents.map(({ id }) => Number(id.split(':')[1]))).toEqual(texts.map((_, i) => 2 * i + 1));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are read across the borders of chunks', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => 'é'.repeat(20_011 + i));
    const path = await file('long.jsonl', texts.map((text) => JSON.stringify({ text })).join('\n'));
    expect((await read({ files: [path] })).map(({ text }) => text)).toEqual(texts);
  });

  it('make their text by a template', async () => {
    const path = await file('t.jsonl', '{"q": "1+1", "a": 2, "b": true}');
    expect((await read({ files: [path], template: '{{{q}}} = {a}, {b}' }))[0].text).toBe('{1+1} = 2, true');
    expect((await read({ files: [path], field: 'q' }))[0].text).toBe('1+1');
  });

  it('may be read again', async () => {
    const corpus = openCorpus({ files: [await file('r.jsonl', '{"text": "a"}')] });
    expect(await collectCorpus(corpus)).toEqual(await collectCorpus(corpus));
  });
});

describe('parquet', () => {
  it('gives its rows, over many slices', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => `text ${i}`);
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'text', data: rows, type: 'STRING' },
        { name: 'n', data: rows.map((_, i) => i), type: 'INT32' },
      ],
      rowGroupSize: 700,
    });
    const path = await file('x.parquet', new Uint8Array(buffer));
    const documents = await read({ files: [path], template: '{n}: {text}' });
    expect(documents.map(({ text }) => text)).toEqual(rows.map((row, i) => `${i}: ${row}`));
    expect(documents[1500]).toEqual({
      id: 'x.parquet:1501',
      text: '1500: text 1500',
      fields: { text: 'text 1500', n: 1500 },
    });

    for (const length of [0, 4, 100, buffer.byteLength - 1]) {
      await file('cut.parquet', new Uint8Array(buffer, 0, length));
      await expect(read({ files: [join(directory, 'cut.parquet')] })).rejects.toMatchObject({
        code: 'unreadable_corpus',
        message: expect.stringContaining('cut.parquet: cannot be read as parquet'),
      });
    }
  });
});

describe('several files', () => {
  it('come in the order given; files of one name are told apart', async () => {
    const one = await file('one.jsonl', '{"text": "1"}');
    const two = await file('two.txt', '2');
    expect((await read({ files: [two, one] })).map(({ id }) => id)).toEqual(['two.txt:1', 'one.jsonl:1']);
    await mkdir(join(directory, 'sub'));
    const other = await file(join('sub', 'one.jsonl'), '{"text": "3"}');
    expect((await read({ files: [one, other] })).map(({ id }) => id)).toEqual([`${one}:1`, `${other}:1`]);
  });
});

describe('bad input', () => {
  it.each<[string, string | Uint8Array, Partial<CorpusOptions>, string, RegExp]>([
    ['e.jsonl', '{"text": "a"}\n{"text": }', {}, 'invalid_document', /e\.jsonl:2: is not valid JSON/],
    ['e.jsonl', '{"text": "a"}\n[1]', {}, 'invalid_document', /e\.jsonl:2: is no JSON object/],
    [
      'e.jsonl',
      '\n{"body": "a", "n": 1}',
      {},
      'invalid_document',
      /e\.jsonl:2: has no field "text", only body, n; set field/,
    ],
    [
      'e.jsonl',
      '{"__proto__x": 1}',
      { field: 'constructor' },
      'invalid_document',
      /has no field "constructor"/,
    ],
    ['e.jsonl', '{"text": null}', {}, 'invalid_document', /e\.jsonl:1: field "text" is null, expected text/],
    ['e.jsonl', '{"text": ["a"]}', {}, 'invalid_document', /field "text" is a list, expected text/],
    [
      'e.jsonl',
      Buffer.from([0x7b, 0x7d, 0x0a, 0x22, 0xff, 0x22]),
      { field: 'x' },
      'invalid_document',
      /e\.jsonl:1: has no field "x", only none/,
    ],
    [
      'u.jsonl',
      Buffer.concat([Buffer.from('{"text":"a"}\n'), Buffer.from([0x22, 0xff, 0x22])]),
      {},
      'unreadable_corpus',
      /u\.jsonl:2: is not valid UTF-8/,
    ],
    ['z.jsonl.gz', 'not compressed', {}, 'unreadable_corpus', /z\.jsonl\.gz: cannot be read at line 1/],
    [
      'z.jsonl.gz',
      gzipSync('{"text":"a"}\n'.repeat(9)).subarray(0, -9),
      {},
      'unreadable_corpus',
      /z\.jsonl\.gz: cannot be read/,
    ],
    ['none.jsonl', '', {}, 'empty_corpus', /none\.jsonl: no document with any text/],
    ['none.txt', '', {}, 'empty_corpus', /none\.txt: no document/],
    [
      'none.jsonl',
      '{"text": ""}\n{"text": "<<1>>"}',
      { removePattern: '<<.*?>>' },
      'empty_corpus',
      /no document with any text/,
    ],
  ])('%s %# is refused, naming file and line', async (name, content, options, code, message) => {
    const failure = read({ files: [await file(name, content)], ...options });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toMatchObject({ code, exitCode: 2 });
  });

  it('is refused where a file is missing', async () => {
    for (const name of ['no.jsonl', 'no.txt.gz', 'no.parquet']) {
      await expect(read({ files: [join(directory, name)] })).rejects.toThrow(/no\..*: not found/);
    }
  });

  it.each<[Partial<CorpusOptions>, RegExp]>([
    [{ files: [] }, /^files: is empty/],
    [{ files: ['a.csv'] }, /^a\.csv: is of no known kind/],
    [{ field: 'a', template: '{a}' }, /^field and template: are both given/],
    [{ template: 'text' }, /^template: names no field/],
    [{ template: '{a} } b' }, /^template: has a } on its own at character 5/],
    [{ template: '{}{a}' }, /^template: has a { on its own/],
    [{ removePattern: '(' }, /^removePattern: is no regular expression/],
    [{ removePattern: 'a'.repeat(1001) }, /^removePattern: is longer/],
  ])('in the options is refused at once: %j', (options, message) => {
    const open = () => openCorpus({ files: ['a.jsonl'], ...options });
    expect(open).toThrow(CorpusError);
    expect(open).toThrow(message);
  });
});
