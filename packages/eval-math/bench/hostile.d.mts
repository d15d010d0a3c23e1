import type { GradeOptions } from '../src/index.js';

export const HOSTILE: Readonly<Record<string, string>>;
export function attacks(text: string): Array<[gold: string, prediction: string, options?: GradeOptions]>;
