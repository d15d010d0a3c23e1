import { compareNodes } from '../compare/compare.js';
import { type Comparison, different, type Outcome, type Rule, same } from '../compare/outcome.js';
import { choiceLetter, leadingChoice, plainWords, sameCase } from '../compare/text.js';
import type { Candidate } from '../extract/candidate.js';
import { findCandidates } from '../extract/extract.js';
import { behindThoughts, withOpening } from '../extract/thoughts.js';
import type { Node } from '../read/node.js';
import { readMath } from '../read/read.js';
import { within } from '../value/deadline.js';
import { endsSaying } from './closing-words.js';
import { checkGradeOptions, type GradeOptions } from './options.js';

/** What {@link grade} found: whether the prediction is right, how both sides were read, and which rule decided. */
export interface Verdict {
  readonly correct: boolean;
  /** The answer read out of the gold text, or `null` where none was found. */
  readonly gold: string | null;
  /** The answer read out of the prediction, or `null` where none was found. */
  readonly prediction: string | null;
  readonly rule: Rule;
  /** One line for the reader. */
  readonly reason: string;
}

/** Readings tried of one text. */
const MAX_READINGS = 6;

interface Reading {
  readonly text: string;
  readonly node: Node | null;
  /** The other reading of a text such as `12,13`, which is a number or a list. */
  readonly asList?: Node | null;
}

/**
 * Grades a prediction against a gold answer. Both may be bare answers or whole solutions, of which only what stands behind
 * their thoughts (`<think>…</think>`) is read: a thought that is never closed has no answer. Bounded in time and memory on any input; nothing is evaluated as code. Not symmetric, as Math-Verify's `verify` is not: see {@link GradeOptions}.
 * Throws `EvalMathError` with code `INVALID_OPTION`.
 */
export function grade(gold: string, prediction: string, options: GradeOptions = {}): Verdict {
  const checked = checkGradeOptions(options);
  const answer = behindThoughts(withOpening(prediction, checked.startsInThought));
  const read: { gold: string | null; prediction: string | null } = { gold: null, prediction: null };
  return (
    within(checked.timeLimit, () => gradeChecked(behindThoughts(gold), answer, checked, read)) ??
    verdict(different('undecided', 'out of time'), read.gold, read.prediction)
  );
}

/** The verdict; what was read by the time it gives up is left in `read`. */
function gradeChecked(
  gold: string,
  prediction: string,
  options: Required<GradeOptions>,
  read: { gold: string | null; prediction: string | null },
  mayChoose = true,
): Verdict {
  const goldReading = firstReading(findCandidates(gold, options.extract), false);
  if (!goldReading) return verdict(different('nothing-extracted', 'the gold has no answer'), null, null);
  read.gold = goldReading.text;
  const candidates = findCandidates(prediction, options.extract);
  const gradeRest = (rest: string, answer: string): Verdict =>
    gradeChecked(rest, answer, options, read, false);
  const choice = mayChoose ? gradeChoice(gold, goldReading, candidates, gradeRest) : null;
  if (choice) return choice;
  const reading = firstReading(candidates, goldReading.node !== null);
  if (!reading)
    return verdict(different('nothing-extracted', 'the prediction has no answer'), goldReading.text, null);
  read.prediction = reading.text;
  const outcome = compareReadings(goldReading, reading, options);
  if (!outcome.equal && isWordy(goldReading.text) && endsSaying(prediction, goldReading.text, candidates))
    return verdict(same('text', 'the text ends with these words'), goldReading.text, goldReading.text);
  return verdict(outcome, goldReading.text, reading.text);
}

const verdict = (outcome: Outcome, gold: string | null, prediction: string | null): Verdict => ({
  correct: outcome.equal,
  gold: gold === null ? null : shorten(gold),
  prediction: prediction === null ? null : shorten(prediction),
  rule: outcome.rule,
  reason: outcome.reason,
});

const shorten = (text: string): string => (text.length > 500 ? `${text.slice(0, 497)}...` : text);

/** The first candidate that reads as mathematics; where none does, the first as text. */
function firstReading(candidates: Candidate[], needsMath: boolean): Reading | null {
  const first = candidates[0];
  if (!first || first.text.trim() === '') return null;
  const surest = first.source;
  for (const candidate of candidates.slice(0, MAX_READINGS)) {
    if (candidate.source !== surest && !needsMath && surest !== 'answer') break;
    const node = readMath(candidate.text, candidate.notation);
    if (node) return { text: candidate.text.trim(), node, asList: readAsList(candidate) };
    if (surest === 'boxed' || surest === 'hashes') break;
  }
  return { text: first.text.trim(), node: null };
}

const AMBIGUOUS_COMMA = /\d,(?!0)\d{2,3}(?!\d)/;

const readAsList = (candidate: Candidate): Node | null =>
  AMBIGUOUS_COMMA.test(candidate.text) ? readMath(candidate.text, candidate.notation, 'list') : null;

function compareReadings(gold: Reading, prediction: Reading, comparison: Comparison): Outcome {
  if (gold.text === prediction.text && gold.text !== '') return same('same-text', 'the same text');
  const words = plainWords(gold.text);
  const [left, right] = [gold.text.trim(), prediction.text.trim()];
  const bare = /^[a-zA-Z]+$/.test(left) && /^[a-zA-Z]+$/.test(right);
  if (words !== '' && isWordy(left) && words === plainWords(right) && (!bare || sameCase(left, right)))
    return same('text', 'the same words');
  if (!gold.node || !prediction.node)
    return different('text', gold.node || prediction.node ? 'one side is no mathematics' : 'other words');
  const outcome = compareNodes(gold.node, prediction.node, comparison);
  if (outcome.equal || (!gold.asList && !prediction.asList)) return outcome;
  const asLists = compareNodes(gold.asList ?? gold.node, prediction.asList ?? prediction.node, comparison);
  return asLists.equal ? asLists : outcome;
}

/** Text in which nothing but words counts: letters, and no signs whose order or nesting has a meaning. */
const isWordy = (text: string): boolean =>
  /[a-zA-Z]{3}/.test(text) && !/[\d^_<>=+*/|-]|\\(?!text|mathrm|mbox)/.test(text);

/** Where one side is a choice letter, the letter decides; `(B) 12` answers for B and for 12. */
function gradeChoice(
  goldText: string,
  gold: Reading,
  candidates: Candidate[],
  gradeRest: (gold: string, prediction: string) => Verdict,
): Verdict | null {
  const letter = choiceLetter(gold.text);
  const first = candidates[0];
  if (letter && /[A-J]/.test(letter) && gold.text.trim() !== letter.toLowerCase()) {
    for (const candidate of candidates.slice(0, MAX_READINGS)) {
      const chosen = choiceLetter(candidate.text) ?? leadingChoice(candidate.text)?.letter;
      if (chosen) {
        const outcome =
          chosen === letter ? same('choice', 'the same choice') : different('choice', 'another choice');
        return verdict(outcome, gold.text, candidate.text.trim());
      }
    }
  }
  const goldLeading = leadingChoice(gold.text);
  const lead = first && leadingChoice(first.text);
  if (goldLeading && first) {
    const chosen = choiceLetter(first.text) ?? lead?.letter;
    if (!chosen) return gradeRest(goldLeading.rest, first.text);
    const contradicts = lead && isContradiction(gradeRest(goldLeading.rest, lead.rest));
    const outcome =
      chosen !== goldLeading.letter
        ? different('choice', 'another choice')
        : contradicts
          ? different('choice', 'the same choice with another answer behind it')
          : same('choice', 'the same choice');
    return verdict(outcome, gold.text, first.text.trim());
  }
  if (!letter && lead && first) return gradeRest(goldText, lead.rest);
  return null;
}

/** Whether two answers were both read and surely differ. */
const isContradiction = ({ correct, rule }: Verdict): boolean =>
  !correct && !['text', 'kinds-differ', 'undecided', 'nothing-extracted'].includes(rule);
