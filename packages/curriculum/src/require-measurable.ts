import { CurriculumError } from './curriculum-error.js';

/**
 * Returns `values`, which may hold NaN (no candidate) but nothing infinite: a difficulty is finite.
 * @throws CurriculumError `invalid_input` that names the document and the token
 */
export const requireMeasurable = (field: string, documentId: string, values: Float32Array): Float32Array => {
  const infinite = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (infinite !== -1)
    throw new CurriculumError(
      'invalid_input',
      `${field}[${infinite}] of document ${JSON.stringify(documentId)} is ${values[infinite]}: give a finite number, or NaN for a token that is no candidate`,
    );
  return values;
};
