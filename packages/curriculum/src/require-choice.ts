import { CurriculumError } from './curriculum-error.js';

/** @throws CurriculumError `invalid_option` unless `value` is one of `choices`. */
export const requireChoice = <T extends string>(field: string, value: T, choices: readonly T[]): void => {
  if (choices.includes(value)) return;
  const wanted = choices.map((choice) => `"${choice}"`).join(' or ');
  throw new CurriculumError('invalid_option', `${field} is ${JSON.stringify(value)}: give ${wanted}`);
};
