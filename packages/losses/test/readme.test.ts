import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import * as tfjs from '@tensorflow/tfjs-core';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as losses from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const modules: Readonly<Record<string, unknown>> = {
  '@midtrain/losses': losses,
  '@tensorflow/tfjs-core': tfjs,
  // Registered by the set-up of the tests.
  '@tensorflow/tfjs-backend-cpu': {},
};

test('the examples run and print what their comments say', () => {
  const example = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]).join('');
  const stated = [...example.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1]);
  const printed: string[] = [];

  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const require = (name: string) => {
    if (!(name in modules)) throw new Error(`the example imports ${name}`);
    return modules[name];
  };
  const console = { log: (...values: unknown[]) => printed.push(format(...values)) };
  new Function('require', 'exports', 'console', outputText)(require, {}, console);

  expect(stated.length).toBeGreaterThan(0);
  expect(printed).toEqual(stated);
});
