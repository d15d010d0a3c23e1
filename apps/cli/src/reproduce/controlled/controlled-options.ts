import { ConfigError } from '../../cli-error.js';
import { HEADS, NAMES } from './vocabulary.js';

/** Least and most of a count, each number between them equally likely. */
export type Range = readonly [from: number, to: number];

/** The knobs of the controlled corpus: its difficulty is known because it is set. */
export interface ControlledOptions {
  /** Decides every document. */
  readonly seed: number;
  /** Documents of each split; the base reads its own, and what goes on from it those of `train`. */
  readonly documents: {
    readonly base: number;
    readonly train: number;
    readonly validation: number;
    readonly test: number;
  };
  /** Questions of each split. */
  readonly questions: { readonly train: number; readonly test: number };
  /** Names that are asked about in a document, 1..8. */
  readonly asked: Range;
  /** Share of chains whose value takes more than one lookup, 0..1. */
  readonly manySteps: number;
  /** Most lookups that a value takes, at least 2; each number from 2 on is equally likely. */
  readonly maxHops: number;
  /** Chains like theirs that are not asked about; with `asked` at most 8. */
  readonly decoys: Range;
  /** Plain sentences among the definitions. */
  readonly sentences: number;
  /** Plain sentences among the answers. */
  readonly workedSentences: number;
  /** Share of a plain sentence's words that are drawn at random, 0..1. */
  readonly noise: number;
}

/** The corpus of the study (ours). The documents of seed 0 were used to find its settings. */
export const CONTROLLED_DEFAULTS: ControlledOptions = {
  seed: 1,
  documents: { base: 12_000, train: 12_000, validation: 400, test: 1000 },
  questions: { train: 2000, test: 400 },
  asked: [1, 3],
  manySteps: 0.75,
  maxHops: 4,
  decoys: [1, 2],
  sentences: 1,
  workedSentences: 1,
  noise: 0.2,
};

const share = (value: number): boolean => value >= 0 && value <= 1;
const whole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;
const range = (counts: Range, from: number, to: number): boolean =>
  whole(counts[0], from, to) && whole(counts[1], counts[0], to);

/** @throws ConfigError naming the first knob that is out of its range */
export function requireControlled(options: ControlledOptions): ControlledOptions {
  const { asked, manySteps, maxHops, decoys, sentences, workedSentences, noise } = options;
  const expect = (holds: boolean, field: keyof ControlledOptions, expected: string) => {
    if (!holds)
      throw new ConfigError(
        `controlled corpus: ${field}: is ${JSON.stringify(options[field])}, expected ${expected}`,
      );
  };
  expect(range(asked, 1, HEADS.length), 'asked', `a range in 1..${HEADS.length}`);
  expect(share(manySteps), 'manySteps', 'a share in 0..1');
  const chains = asked[1] + decoys[1];
  expect(range(decoys, 0, HEADS.length - asked[1]), 'decoys', `a range in 0..${HEADS.length - asked[1]}`);
  const most = 1 + Math.floor(NAMES.length / chains);
  expect(whole(maxHops, 2, most), 'maxHops', `a whole number in 2..${most}, which the names suffice for`);
  expect(whole(sentences, 0, 100), 'sentences', 'a whole number in 0..100');
  expect(whole(workedSentences, 0, 100), 'workedSentences', 'a whole number in 0..100');
  expect(share(noise), 'noise', 'a share in 0..1');
  return options;
}
