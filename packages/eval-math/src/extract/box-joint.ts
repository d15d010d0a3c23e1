/** Boxes further apart than this are no list. */
const MAX_BETWEEN = 70;

/** Words between two boxes that take the earlier one back, or go on from it. */
const CORRECTION =
  /\b(?:wait|but|actually|mistake|instead|sorry|correct(?:ed|ion)?|recheck|check|no|not|final|therefore|thus|hence|so|then|oops|however|answer|rather|simplif\w*|gives?|giving|gets?|is|are|yields?|becomes?|makes?)\b/i;

const MARK = String.raw`[,;.&]|\\\\`;
/** What belongs to the box before: a unit, a noun, `for part (a)`. */
const TAIL = String.raw`(?:(?!(?:and|or)\b)[a-z°²³^\d/]+ ){1,2}?|for (?:part )?\(?\w\)? `;
const SEPARATOR = `(?:${MARK}) ?(?:and|or)?|and|or`;
/** What names the box behind: `(b)`, `2.`, `-`, `$y_2 =`. */
const LABEL = String.raw`(?:[-•]|(?:part )?\(?[a-z\d]{1,2}[).:])? ?(?:(?:[a-z]|\\[a-z]+)(?:_ ?\{?\w{1,4}\}?)?(?:\(\w\))?'? ?[=:])?`;
const JOINT = new RegExp(`^(?:(?:${TAIL})?(?:${SEPARATOR}) ?)?${LABEL}$`, 'i');

/** Whether what stands between two boxes only lists them: separators, "and" or "or", a unit, the name of the second. */
export function joins(between: string): boolean {
  if (between.length >= MAX_BETWEEN || CORRECTION.test(between)) return false;
  const bare = between
    .replace(/\\(?:text|textbf|mathrm|mbox)\s*\{([^{}]*)\}/g, ' $1 ')
    .replace(/\$|\*\*|~|\\(?:[()[\],;:! ]|qquad|quad)/g, ' ')
    // A ruler, and the second backslash of an escaped command.
    .replace(/([-+*#_.])\1+|\\$/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,;.])/g, '')
    .trim();
  return JOINT.test(bare) || JOINT.test(bare.replace(/(?=[,;.])/, ' '));
}
