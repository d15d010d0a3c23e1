import { CurriculumError } from './curriculum-error.js';

/** Where fewer than `count` can be drawn: 'fewer' draws what there is, 'error' throws `too_few_candidates`. */
export type WhenShort = 'fewer' | 'error';

/** @throws CurriculumError `too_few_candidates` where `whenShort` is 'error' and fewer were drawn than asked. */
export const requireEnough = (drawn: number, count: number, whenShort: WhenShort): void => {
  if (whenShort === 'error' && drawn < count)
    throw new CurriculumError(
      'too_few_candidates',
      `count is ${count}: only ${drawn} could be drawn; give more candidates, or set whenShort to "fewer"`,
    );
};
