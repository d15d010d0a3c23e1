export type { Candidate, Curriculum, Draw, DrawMoment, Drawn } from './curriculum.js';
export type { DifficultySignal, TokenEvidence } from './difficulty-signal.js';
export type { RandomSource } from './random-source.js';
