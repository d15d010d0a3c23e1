import { EvalMathError } from '../errors.js';
import { behindThoughts, countMarks, withOpening } from '../extract/thoughts.js';
import { grade, type Verdict } from './grade.js';
import type { GradeOptions } from './options.js';

const FORMS = ['boxed', 'think', 'gsm8k'] as const;
type AnswerForm = (typeof FORMS)[number];

/** What {@link mathReward} needs to know; every field but `gold` has a default. */
export interface MathRewardOptions extends GradeOptions {
  /** The right answer, as {@link grade} reads it. */
  gold: string;
  /** What a right answer is worth. Default: 1. */
  accuracyWeight?: number;
  /** What the asked-for form is worth. Default: 0.1 (ours; DeepSeek-R1, arXiv 2501.12948, adds both parts without giving weights). */
  formatWeight?: number;
  /**
   * What the form is: `boxed` asks for one `\boxed{}` behind the thoughts, `think` also for `<think>…</think>` before it,
   * `gsm8k` for a last line `#### answer` behind the thoughts, as GSM8K's solutions have. Default: `boxed`.
   */
  format?: AnswerForm;
}

/** The parts of a reward. */
export interface MathReward {
  /** accuracyWeight · accuracy + formatWeight · format. */
  readonly reward: number;
  /** 1 for a right answer, else 0. */
  readonly accuracy: 0 | 1;
  /** 1 for the asked-for form, else 0. */
  readonly format: 0 | 1;
  readonly verdict: Verdict;
}

const DEFAULTS = { accuracyWeight: 1, formatWeight: 0.1, format: 'boxed' } as const;

/**
 * A reward for maths questions as a function of the completion's text: rule-based accuracy and form, as in DeepSeek-R1
 * (arXiv 2501.12948, section 2.2.2), with the answer checked by {@link grade}. Both are of what stands behind the thoughts,
 * so that a thought that is cut off is worth nothing; where the prompt opens the thought, set `startsInThought`.
 *
 * @returns the function to call with each completion. Throws `EvalMathError` (`INVALID_OPTION`) on bad options, at once.
 */
export function mathReward(options: MathRewardOptions): (completion: string) => MathReward {
  const {
    gold,
    accuracyWeight = DEFAULTS.accuracyWeight,
    formatWeight = DEFAULTS.formatWeight,
    format = DEFAULTS.format,
    ...gradeOptions
  } = options;
  if (typeof gold !== 'string' || gold.trim() === '')
    throw new EvalMathError('INVALID_OPTION', 'gold must be the right answer as a text that is not empty');
  for (const [field, value] of Object.entries({ accuracyWeight, formatWeight })) {
    if (!(Number.isFinite(value) && value >= 0))
      throw new EvalMathError(
        'INVALID_OPTION',
        `${field} must be a number of at least 0, not ${String(value)}`,
      );
  }
  if (!FORMS.includes(format))
    throw new EvalMathError(
      'INVALID_OPTION',
      `format must be one of ${FORMS.join(', ')}, not ${String(format)}`,
    );
  grade(gold, gold, gradeOptions);
  return (completion) => {
    const verdict = grade(gold, completion, gradeOptions);
    const accuracy = verdict.correct ? 1 : 0;
    const form = hasForm(withOpening(completion, gradeOptions.startsInThought ?? false), format) ? 1 : 0;
    return { reward: accuracyWeight * accuracy + formatWeight * form, accuracy, format: form, verdict };
  };
}

const ANSWER_LINE = /^####[ \t]*\S/;
const BOX = /\\(?:boxed|fbox)\s*\{/g;

const lastLine = (text: string): string => {
  const trimmed = text.trimEnd();
  return trimmed.slice(trimmed.lastIndexOf('\n') + 1);
};

/** Behind the thoughts exactly one box, or exactly one `####`, on the last line; `think` asks for one thought, at the start. */
function hasForm(completion: string, format: AnswerForm): boolean {
  const answer = behindThoughts(completion);
  if (format === 'gsm8k') return answer.split('####').length === 2 && ANSWER_LINE.test(lastLine(answer));
  const { opened, closed } = countMarks(completion);
  if (opened > 1 || closed > 1) return false;
  if (format === 'think' && !(closed === 1 && completion.trimStart().startsWith('<think>'))) return false;
  return (answer.match(BOX) ?? []).length === 1;
}
