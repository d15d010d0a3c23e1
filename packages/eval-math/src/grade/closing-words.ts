import { plainWords } from '../compare/text.js';
import type { Candidate } from '../extract/candidate.js';

/** A longer last sentence than this states more than an answer. */
const MAX_SENTENCE = 200;

/** How a conclusion may set out, after its grounds; what follows is a clause of its own. */
const LEAD =
  /^(?:.*,\s*(?=(?:so|thus|hence|therefore)\b))?(?:(?:so|thus|hence|then|therefore|finally|clearly|consequently|in conclusion|as a result)\b,?\s*)?(?:(?:(?:we|i) (?:see|find|know|get|have|conclude)|it follows|this (?:means|shows|implies))\s+that\s+)?/i;

/** Whatever keeps a clause from stating what it ends with: doubt, denial, a condition, someone else's words, another clause. */
const NOT_STATED =
  /[,;:()?"“”]|n['’]t\b|\b(?:not|never|no|nor|neither|none|nobody|nothing|hardly|rarely|cannot|whether|if|unless|until|doubt\w*|false\w*|untrue|wrong\w*|incorrect\w*|mistak\w*|den(?:y|ies|ied)|disprov\w*|refut\w*|unlikely|impossible|ask\w*|wonder\w*|question\w*|suppos\w*|assum\w*|claim\w*|sa(?:y|ys|id)|think\w*|thought|guess\w*|seem\w*|maybe|perhaps|possibly|might|may|could|would|should|that|which|who|but|or|although|though|while|when|because|since|as|is|are|was|were)\b/i;

/** Whether an answer was marked as such: a text with a mark says nothing else by its last words. */
const isMarked = ({ source }: Candidate): boolean =>
  source === 'boxed' || source === 'hashes' || source === 'final-answer' || source === 'answer';

/**
 * Whether a text without a marked answer ends with one plain clause that something is the gold words: `The day is a Friday.`
 * `I doubt that it is a Friday.` and `Is it a Friday?` do not say so.
 */
export function endsSaying(text: string, gold: string, candidates: readonly Candidate[]): boolean {
  if (candidates.some(isMarked) || /\\(?:boxed|fbox)/.test(text)) return false;
  const clause = lastSentence(text).replace(LEAD, '');
  const [, before, said] = /^(.*\S)\s+(?:is|are|was|were)\s+(\S.*)$/.exec(clause) ?? [];
  return said !== undefined && !NOT_STATED.test(before) && plainWords(said) === plainWords(gold);
}

function lastSentence(text: string): string {
  const end = text
    .slice(-2 * MAX_SENTENCE)
    .replaceAll('**', '')
    .trim();
  const closed = /[.!]$/.test(end) ? end.slice(0, -1) : end;
  const sentence = closed
    .split(/[.!?\n]/)
    .at(-1)!
    .trim();
  return sentence.length > MAX_SENTENCE ? '' : sentence;
}
