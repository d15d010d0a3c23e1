import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** What a value should have been, for issues whose schema does not say it itself. */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected === 'int' ? 'a whole number' : `a value of type ${issue.expected}`}`;
    case 'too_small':
      return `expected ${issue.origin === 'number' || issue.origin === 'int' ? 'a number' : 'a length'} ${issue.inclusive ? '≥' : '>'} ${issue.minimum}`;
    case 'too_big':
      return `expected ${issue.origin === 'number' || issue.origin === 'int' ? 'a number' : 'a length'} ${issue.inclusive ? '≤' : '<'} ${issue.maximum}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => String(value)).join(', ')}`;
    default:
      return issue.message;
  }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}

/** Of a union's alternatives the one that was meant: it has no complaint about the field that tells them apart. */
function meant(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const tells = ({ path }: Issue) => path.length === 1 && (path[0] === 'use' || path[0] === 'by');
  const found = alternatives.find((issues) => !issues.some(tells));
  return found ?? alternatives[alternatives.length - 1];
}

function line(input: unknown, issue: Issue, before: readonly PropertyKey[]): string[] {
  const path = [...before, ...issue.path];
  if (
    issue.code === 'invalid_union' &&
    issue.errors.length > 0 &&
    issue.errors.some((one) => one.length > 0)
  ) {
    const value = at(input, path);
    if (typeof value === 'object' && value !== null)
      return meant(issue.errors).flatMap((inner) => line(input, inner, path));
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...path, key].join('.')}: ${issue.message}`);
  const value = at(input, path);
  const found = value === undefined ? 'is missing' : `is ${shown(value)}`;
  const wanted =
    issue.code === 'custom' || issue.code === 'invalid_format' || issue.code === 'invalid_union'
      ? issue.message
      : expectation(issue);
  const said = wanted.startsWith('is ') || wanted.startsWith('given ') ? wanted : `${found}, ${wanted}`;
  return [`${path.join('.') || 'the file'}: ${said}`];
}

/** A schema's complaints, one line each: field path, what is there, what was expected. */
export function issueLines(error: z.ZodError, input: unknown): string[] {
  return error.issues.flatMap((issue) => line(input, issue, []));
}
