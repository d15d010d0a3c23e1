import { ConfigError } from '../cli-error.js';
import type { OwnComponent } from '../config/component.js';
import { type Contract, loadOwnComponent } from './load-own-component.js';

/** Makes components, with errors that name the file and the field. */
export interface ComponentSource {
  /** Loads one of one's own. */
  own<Component>(component: OwnComponent, field: string, contract: Contract): Promise<Component>;
  /** Runs a built-in factory; what it complains about becomes a complaint about the field. */
  builtIn<Component>(field: string, make: () => Component): Component;
}

export const FUNCTION: Contract = { kind: 'function' };

/** @param configFile for errors, and where packages are looked for from */
export function componentSource(configFile: string): ComponentSource {
  return {
    own: (component, field, contract) => loadOwnComponent({ component, field, configFile, contract }),
    builtIn(field, make) {
      try {
        return make();
      } catch (cause) {
        throw new ConfigError(`${configFile}: ${field}: ${(cause as Error).message}`, { cause });
      }
    },
  };
}
