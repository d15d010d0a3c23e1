import { EvalMathError } from '../errors.js';

/** One parsed line of a benchmark file, with typed access to its fields and its place for errors. */
export interface Row {
  /** `file:line`. */
  readonly place: string;
  readonly line: number;
  /** The first of the fields that is a text or a number, as a text; throws where none is. */
  text(...fields: string[]): string;
  /** As `text`, but `null` where none of the fields is there. */
  optional(...fields: string[]): string | null;
  /** The value of a field as it is. */
  raw(field: string): unknown;
}

/** Parses one JSON line; throws `INVALID_BENCHMARK` that names file and line. */
export function parseRow(json: string, file: string, line: number): Row {
  const place = `${file}:${line}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new EvalMathError('INVALID_BENCHMARK', `${place}: not JSON; expected one object a line`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new EvalMathError('INVALID_BENCHMARK', `${place}: expected one object a line`);
  }
  const fields = new Map(Object.entries(parsed));
  const optional = (...names: string[]): string | null => {
    for (const name of names) {
      const value = fields.get(name);
      if (typeof value === 'string' && value.trim() !== '') return value;
      if (typeof value === 'number') return String(value);
    }
    return null;
  };
  const text = (...names: string[]): string => {
    const value = optional(...names);
    if (value === null) {
      throw new EvalMathError(
        'INVALID_BENCHMARK',
        `${place}: ${names.join(' or ')} must be a text that is not empty`,
      );
    }
    return value;
  };
  return { place, line, text, optional, raw: (field) => fields.get(field) };
}
