import { type Document, isMap, parse } from 'yaml';
import { ConfigError } from '../cli-error.js';

const ASSIGNMENT = /^([A-Za-z_][\w-]*(?:\.[\w-]+)*)=([\s\S]*)$/;

/** Whether an argument is an override, `key=value`, and not a file. */
export const isOverride = (argument: string): boolean => ASSIGNMENT.test(argument);

/**
 * Sets `key=value` arguments in a parsed YAML document; dots lead into sections, values are YAML (`true`, `0.1`,
 * `[a, b]`).
 *
 * @throws ConfigError for an argument of another form or a value that is no YAML
 */
export function applyOverrides(document: Document, overrides: readonly string[]): void {
  for (const override of overrides) {
    const [, key, text] = ASSIGNMENT.exec(override) ?? [];
    if (key === undefined) {
      throw new ConfigError(
        `${override}: is no override, expected key=value such as steps=100 or budget.decay=0.5`,
      );
    }
    let value: unknown;
    try {
      value = parse(text);
    } catch (cause) {
      throw new ConfigError(
        `${override}: the value is no YAML (${(cause as Error).message.split('\n')[0]})`,
        { cause },
      );
    }
    const path = key.split('.');
    for (let depth = 1; depth < path.length; depth++) {
      const inner = document.getIn(path.slice(0, depth), true);
      if (inner !== undefined && !isMap(inner)) document.deleteIn(path.slice(0, depth));
    }
    document.setIn(path, document.createNode(value));
  }
}
