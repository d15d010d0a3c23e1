import type { Method } from '../methods.js';
import type { FinishedRun } from './finished-run.js';
import type { ThoughtEntry } from './results.js';

const TIERS = ['easy', 'medium', 'hard'];

/** The sampled positions of the first seed, with what each method thought there. */
export function thoughtEntries(
  methods: readonly Method[],
  runsOf: (method: string) => readonly FinishedRun[],
): ThoughtEntry[] {
  const asked = methods.flatMap(({ id, label }) => {
    const [run] = runsOf(id);
    return run?.evaluation ? [{ id, label, run, samples: run.evaluation.samples }] : [];
  });
  const [first] = asked;
  if (first === undefined) return [];
  return first.samples.map(({ index, prefix, target }): ThoughtEntry => {
    const { documentId, position, tier } = first.run.positions[index];
    return {
      documentId,
      position,
      tier: TIERS[tier],
      prefix,
      target,
      thoughts: asked.flatMap(({ id, label, run, samples }) => {
        const sample = samples.find((one) => one.index === index);
        if (sample === undefined) return [];
        const { thought, prediction, length, correct } = sample;
        return [{ method: id, label, folder: run.folder, thought, prediction, length, correct }];
      }),
    };
  });
}
