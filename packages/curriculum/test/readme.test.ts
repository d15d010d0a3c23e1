import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import ts from 'typescript';
import { expect, it } from 'vitest';
import * as curriculum from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('README: the examples run and print what their comments say', () => {
  const example = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]).join('');
  const stated = [...example.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1]);
  const printed: string[] = [];

  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const require = (name: string) => {
    if (name !== '@midtrain/curriculum') throw new Error(`the example imports ${name}`);
    return curriculum;
  };
  const console = { log: (...values: unknown[]) => printed.push(format(...values)) };
  new Function('require', 'exports', 'console', outputText)(require, {}, console);

  expect(stated.length).toBeGreaterThan(0);
  expect(printed).toEqual(stated);
});
