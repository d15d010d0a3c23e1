import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as evalMath from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;

test.each([...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]))(
  'example %# runs and prints what its comments say',
  async (example) => {
    const stated = [...example.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1]);
    const printed: string[] = [];
    const { outputText } = ts.transpileModule(example, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const require = (name: string) => {
      if (name !== '@midtrain/eval-math') throw new Error(`the example imports ${name}`);
      return evalMath;
    };
    const console = { log: (...values: unknown[]) => printed.push(format(...values)) };
    await new AsyncFunction('require', 'exports', 'console', outputText)(require, {}, console);
    expect(stated.length).toBeGreaterThan(0);
    expect(printed).toEqual(stated);
  },
);
