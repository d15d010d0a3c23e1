import { controlledStudy } from './controlled/controlled-study.js';
import { gsm8kStudy } from './gsm8k/gsm8k-study.js';
import type { Study } from './study.js';

/** The corpora that the comparison can be run on, by name. */
export const STUDIES: Readonly<Record<string, Study>> = { controlled: controlledStudy, gsm8k: gsm8kStudy };
