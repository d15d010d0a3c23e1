import { CorpusError } from './corpus-error.js';

/** Makes a document's text from its fields; `where` is its file and line, for errors. */
export type TextTemplate = (fields: Readonly<Record<string, unknown>>, where: string) => string;

const PART = /\{\{|\}\}|\{([^{}]+)\}|[{}]/g;

function fieldText(fields: Readonly<Record<string, unknown>>, name: string, where: string): string {
  if (!Object.hasOwn(fields, name)) {
    throw new CorpusError(
      'invalid_document',
      `${where}: has no field ${JSON.stringify(name)}, only ${Object.keys(fields).join(', ') || 'none'}; set field or template`,
    );
  }
  const value = fields[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
  throw new CorpusError(
    'invalid_document',
    `${where}: field ${JSON.stringify(name)} is ${kind}, expected text`,
  );
}

/**
 * Reads a template such as `"{question}\n{answer}"`: `{name}` stands for a field, `{{` and `}}` for braces.
 *
 * @throws CorpusError `invalid_option` for a brace that stands alone, or where no field is named
 */
export function parseTemplate(template: string): TextTemplate {
  const parts: ((fields: Readonly<Record<string, unknown>>, where: string) => string)[] = [];
  let end = 0;
  let named = false;
  const literal = (text: string) => parts.push(() => text);
  for (const match of template.matchAll(PART)) {
    literal(template.slice(end, match.index));
    end = match.index + match[0].length;
    const name = match[1];
    if (name !== undefined) {
      named = true;
      parts.push((fields, where) => fieldText(fields, name, where));
    } else if (match[0].length === 2) {
      literal(match[0][0]);
    } else {
      throw new CorpusError(
        'invalid_option',
        `template: has a ${match[0]} on its own at character ${match.index + 1}; write {name} for a field, {{ or }} for a brace`,
      );
    }
  }
  literal(template.slice(end));
  if (!named) {
    throw new CorpusError(
      'invalid_option',
      'template: names no field; write {name} where a field should stand',
    );
  }
  return (fields, where) => parts.map((part) => part(fields, where)).join('');
}

/** The template that is one field alone. */
export function fieldTemplate(name: string): TextTemplate {
  return (fields, where) => fieldText(fields, name, where);
}
