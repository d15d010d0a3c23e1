const FINAL = /final answer(?: is|:|\*\*:?| =)?/gi;
const ANSWER = /\banswers?\b/gi;
const HASHES = /####/g;
/** How far behind its announcement an answer is looked for. */
const REACH = 400;
/** Announcements looked at, from the last. */
const MAX_ANCHORS = 6;

export interface Announced {
  readonly source: 'final-answer' | 'answer' | 'hashes';
  /** What follows the announcement, without the words that lead up to the answer. */
  readonly phrase: string;
  readonly from: number;
}

/** What follows "the final answer is", "#### " and "answer:", the latest first within each kind. */
export function announcements(text: string): Announced[] {
  return [
    ...follow(text, HASHES, 'hashes'),
    ...follow(text, FINAL, 'final-answer'),
    ...follow(text, ANSWER, 'answer'),
  ];
}

function follow(text: string, pattern: RegExp, source: Announced['source']): Announced[] {
  const window = text.slice(-50_000);
  const offset = text.length - window.length;
  return [...window.matchAll(pattern)]
    .slice(-MAX_ANCHORS)
    .reverse()
    .map((match) => {
      const start = match.index + match[0].length;
      const rest = window.slice(start, start + REACH);
      const led =
        source === 'hashes'
          ? rest
          : rest.replace(
              /^[\s*]*(?:[^.\n$\\]{0,100}?\b(?:is|are|be|equals?)\b(?!\s*(?:not|that)\b)|:|=|≈)?[\s:*=]*/i,
              '',
            );
      return { source, phrase: firstSentence(led), from: offset + start + (rest.length - led.length) };
    })
    .filter((announced) => announced.phrase !== '');
}

/** Up to the end of the line or sentence; a point inside a number or an abbreviation ends nothing. */
function firstSentence(text: string): string {
  const display = /^\s*(?:\$\$[\s\S]*?\$\$|\\\[[\s\S]*?\\\])/.exec(text);
  if (display) return display[0].trim();
  const line = text.trimStart().split('\n', 1)[0];
  const end =
    /(?<!\b[ap]\.?\s?m)(?<!\bNo)\.(?=\s+(?:[A-Z\\#<]|I\b)|\s*$)|\bI hope\b|<\||\s(?:because|since|as|which)\b/.exec(
      line,
    );
  return (end ? line.slice(0, end.index) : line)
    .replace(/\*\*/g, '')
    .replace(/(?<![\s"“”])[\s"“”]+$/, '')
    .replace(/(?<=\d)\s+\([a-z][a-z -]{1,40}\)$/, '')
    .trim();
}
