import { type RandomSource, seededRandom, uniformInt } from '@midtrain/curriculum';
import { ConfigError } from '../../cli-error.js';
import { CONTROLLED_DEFAULTS, type ControlledOptions, requireControlled } from './controlled-options.js';
import { lookUp } from './look-up.js';
import { type StudyDocument, studyDocument, wordsOf } from './study-document.js';

/** Draws of a document before its knobs are said to be too narrow. */
const ATTEMPTS = 200;

/** A question of post-training: a document up to the place where a value is asked for. */
interface StudyQuestion {
  readonly id: string;
  readonly question: string;
  /** The value. */
  readonly answer: string;
  /** Lookups that the value takes. */
  readonly hops: number;
}

/** Documents and questions; no two of them have the same statement, in whichever splits they are. */
export interface ControlledCorpus {
  readonly base: readonly StudyDocument[];
  readonly train: readonly StudyDocument[];
  readonly validation: readonly StudyDocument[];
  readonly test: readonly StudyDocument[];
  readonly questions: { readonly train: readonly StudyQuestion[]; readonly test: readonly StudyQuestion[] };
}

/** A document that is cut off where one of its values is asked for. */
function questionOf(document: StudyDocument, random: RandomSource): StudyQuestion {
  const values = [...lookUp(document)];
  const [position, path] = values[uniformInt(values.length, random)];
  return {
    id: document.id,
    question: wordsOf(document).slice(0, position).join(''),
    answer: path[path.length - 1],
    hops: path.length,
  };
}

/**
 * Generates the controlled corpus. The seed decides it; each split draws from a stream of its own, so the size of one
 * does not change another, unless they meet in a statement, which is then drawn anew.
 *
 * @throws ConfigError naming the knob that is out of its range
 */
export function controlledCorpus(options: Partial<ControlledOptions> = {}): ControlledCorpus {
  const knobs = requireControlled({ ...CONTROLLED_DEFAULTS, ...options });
  const { seed, documents, questions } = knobs;
  const known = new Set<string>();
  const split = (name: string, count: number): StudyDocument[] => {
    const random = seededRandom(seed, `controlled ${name}`);
    return Array.from({ length: count }, (_, i) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const document = studyDocument(`controlled-${name}:${i + 1}`, knobs, random);
        const statement = wordsOf(document).slice(0, document.firstCandidate).join('');
        if (known.has(statement)) continue;
        known.add(statement);
        return document;
      }
      throw new ConfigError(
        `controlled corpus: documents: asks for more than these knobs make different ones of (${known.size}), expected fewer, or longer chains`,
      );
    });
  };
  const asks = (name: string, count: number): StudyQuestion[] => {
    const random = seededRandom(seed, `controlled ${name} chosen`);
    return split(name, count).map((document) => questionOf(document, random));
  };
  return {
    test: split('test', documents.test),
    validation: split('validation', documents.validation),
    train: split('train', documents.train),
    base: split('base', documents.base),
    questions: {
      test: asks('test-questions', questions.test),
      train: asks('train-questions', questions.train),
    },
  };
}
