import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Fields that hold a path, or a list of them. */
const PATHS = [
  'model',
  'output',
  'reference',
  'newModel.tokenizer',
  'corpus.files',
  'questions.files',
  'evaluation.files',
];
/** Fields that hold a component's name, which may be a path. */
const COMPONENTS = [
  'budget.use',
  'curriculum.use',
  'difficulty.use',
  'reward.use',
  'reward.match.use',
  'reward.length.use',
  'advantage.use',
  'loss.use',
];

/** Whether a component's name is a file and not a package. */
export const isComponentPath = (use: string): boolean => /^\.{1,2}[\\/]/.test(use) || isAbsolute(use);

function change(config: object, field: string, map: (value: string) => string): void {
  const keys = field.split('.');
  const last = keys.pop() as string;
  let inner = config as Record<string, unknown> | undefined;
  for (const key of keys) inner = inner?.[key] as Record<string, unknown> | undefined;
  const value = inner?.[last];
  if (!inner || value === undefined) return;
  inner[last] = Array.isArray(value) ? value.map((one) => map(one as string)) : map(value as string);
}

function withPaths<T extends object>(
  config: T,
  path: (value: string) => string,
  use: (value: string) => string,
): T {
  const copy = structuredClone(config);
  for (const field of PATHS) change(copy, field, path);
  for (const field of COMPONENTS)
    change(copy, field, (value) => (isComponentPath(value) ? use(value) : value));
  return copy;
}

/** The configuration with its paths, which are relative to `directory`, made absolute. */
export function withAbsolutePaths<T extends object>(config: T, directory: string): T {
  const absolute = (path: string) => resolve(directory, path);
  return withPaths(config, absolute, absolute);
}

/** The configuration with its absolute paths made relative to `directory`, as a file there has them. */
export function withRelativePaths<T extends object>(config: T, directory: string): T {
  const portable = (path: string) => (relative(directory, path) || '.').split(sep).join('/');
  return withPaths(config, portable, (path) => {
    const inside = portable(path);
    return inside.startsWith('.') ? inside : `./${inside}`;
  });
}

/** Where a run's resolved configuration lies. */
export const configFileOf = (run: string): string => join(run, 'config.yaml');
