import type { Candidate, DifficultySignal } from '@midtrain/curriculum';
import type { DocumentReading } from '../tree/trunk.js';
import type { TrainingDocument } from './document.js';

/** Every position of a step's documents that may be chosen, with its difficulty. */
export function findCandidates(
  documents: readonly TrainingDocument[],
  readings: readonly DocumentReading[],
  difficulty: DifficultySignal,
  step: number,
): Candidate[] {
  return documents.flatMap(({ id, tokenIds, firstCandidate = 1 }, document) => {
    const { entropies, logProbs } = readings[document];
    const difficulties = difficulty.measure({ documentId: id, entropies, logProbs }, step);
    const candidates: Candidate[] = [];
    for (let position = Math.max(1, firstCandidate); position < tokenIds.length; position++) {
      const value = difficulties[position];
      if (Number.isFinite(value)) candidates.push({ document, position, difficulty: value });
    }
    return candidates;
  });
}
