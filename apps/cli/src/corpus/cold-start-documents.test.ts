import { fileURLToPath } from 'node:url';
import { loadTokenizer, thoughtFormat } from '@midtrain/core';
import { seededRandom } from '@midtrain/curriculum';
import { describe, expect, test } from 'vitest';
import { pretrainConfig } from '../config/pretrain-config.js';
import { coldStart } from '../quickstart/cold-start.js';
import { readWorkedProblems } from '../quickstart/worked-problems.js';
import { coldStartDocuments } from './cold-start-documents.js';

const ASSETS = new URL('../../assets/', import.meta.url);
const pathOf = (name: string) => fileURLToPath(new URL(name, ASSETS));
const tokenizer = await loadTokenizer(pathOf('tokenizer'));

const configured = (coldStartSection: object) =>
  pretrainConfig.parse({
    seed: 3,
    output: 'run',
    model: 'base',
    steps: 1,
    corpus: {
      files: pathOf('gsm8k/test.jsonl.gz'),
      template: '{question}\n{answer}',
      remove: '<<([^<>]*)>>',
      candidatesAfter: '\n',
      maxTokens: 200,
      overlong: 'truncate',
      appendEos: true,
    },
    coldStart: coldStartSection,
  });

const documentsOf = (coldStartSection: object) => {
  const config = configured(coldStartSection);
  const section = config.coldStart as NonNullable<typeof config.coldStart>;
  return coldStartDocuments({
    config: { ...config, coldStart: section },
    configFile: 'a.yaml',
    tokenizer,
    maxPositions: 512,
  });
};

describe('coldStartDocuments', { timeout: 60_000 }, () => {
  test('are the quickstart’s, whose reader knows GSM8K’s notes by itself', async () => {
    const settings = {
      share: 0.7,
      perDocument: 4,
      budgets: [3, 9],
      draftTokens: [2, 9],
      overthought: { share: 0.2, tokens: [10, 12] },
    } as const;
    const documents = await documentsOf({ ...settings, instruction: { template: '<|budget|>{budget}' } });
    const expected = coldStart(await readWorkedProblems(ASSETS, 'test'), {
      ...settings,
      tokenizer,
      format: thoughtFormat({ tokenizer, instruction: (budget) => `<|budget|>${budget}` }),
      maxTokens: 200,
      random: seededRandom(3, 'cold start'),
    });
    const withoutId = ({ id: _, ...document }: (typeof expected)[number]) => document;
    expect(documents.map(withoutId)).toEqual(expected.map(withoutId));
  });

  test('take other special tokens as marks, and refuse those that are none', async () => {
    const marks = { startOfThought: '<|budget|>', endOfThought: '<|endoftext|>' };
    const [first] = await documentsOf({ budgets: [4, 4], instruction: { template: '{budget}:', ...marks } });
    for (const { instruction, tokenIds } of first.thoughts ?? []) {
      expect(tokenizer.decode([...instruction], { skipSpecialTokens: false })).toBe('4:<|budget|>');
      expect(tokenIds.at(-2)).toBe(tokenizer.specialTokenId('<|endoftext|>'));
    }
    await expect(documentsOf({ budgets: [4, 4], instruction: { endOfThought: 'stop' } })).rejects.toThrow(
      /^a\.yaml: coldStart\.instruction: .*stop/,
    );
  });

  test('need room in the context', async () => {
    const long = { budgets: [4, 4], draftTokens: [1, 600] };
    await expect(documentsOf(long)).rejects.toThrow(/^a\.yaml: coldStart: leaves no room/);
  });
});
