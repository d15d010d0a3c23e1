import { choiceLetter } from '../compare/text.js';
import { FUNCTIONS } from '../read/names.js';
import { readClockOrDate } from '../read/read-time.js';
import { findUnit } from '../read/units.js';
import { announcements } from './anchors.js';
import { lastBox } from './boxes.js';
import type { Candidate, ExtractKind, Source } from './candidate.js';
import { lastNumber } from './numbers.js';
import { findSegments, joinedBack, type Segment, withoutDollars } from './segments.js';

/** Only so much of the end of a text is looked at. */
const MAX_TEXT = 200_000;

/**
 * The stretches of a text that may be its answer, the likeliest first: the last box or "final answer is" (whichever comes
 * later), `####`, the whole text where it is no prose, "answer is", then the last mathematics or number of the text.
 */
export function findCandidates(source: string, kinds: readonly ExtractKind[]): Candidate[] {
  const text = source.slice(-MAX_TEXT);
  if (text.trim() === '') return [];
  const latex = kinds.includes('latex');
  const segments = latex ? findSegments(text) : [];
  const found: Candidate[] = [];
  const box = latex ? lastBox(text) : null;
  if (box)
    found.push({ text: withoutDollars(box.content), notation: 'latex', source: 'boxed', end: box.end });
  const announced = announcements(text).flatMap((item) =>
    fromPhrase(text, item.phrase, item.from, item.source, segments, kinds),
  );
  const sure = announced.filter((candidate) => candidate.source !== 'answer');
  const afterBox = sure.filter(
    (candidate) => box && candidate.end > box.end && candidate.source === 'final-answer',
  );
  found.unshift(...afterBox);
  found.push(...sure.filter((candidate) => !afterBox.includes(candidate)));
  const trimmed = text.trim();
  const isAnnounced = announced.length > 0 && /[a-zA-Z]/.test(trimmed);
  if (found.length === 0 && !isAnnounced && trimmed.length <= 10_000 && !isProse(trimmed))
    found.push(wholeText(trimmed));
  found.push(...announced.filter((candidate) => candidate.source === 'answer'));
  if (found[0]?.source !== 'whole-text' || proseWords(trimmed) > 0)
    found.push(...lastOf(text, segments, kinds));
  if (kinds.includes('string')) found.push(...choices(text));
  return found.length > 0 || trimmed.length > 1_000 ? found : [wholeText(trimmed)];
}

function wholeText(source: string): Candidate {
  const bold = source.replace(/^\*\*([^*]+)\*\*\.?$/, '$1');
  const text = isUnbalanced(bold) ? withoutDollars(bold) : bold;
  const wrapped =
    /^(?:\$\$([^$]+)\$\$|\$((?:[^$\\]|\\[\s\S])+)\$|\\\(([\s\S]+)\\\)|\\\[([\s\S]+)\\\])\.?$/.exec(text);
  const inside = wrapped && (wrapped[1] ?? wrapped[2] ?? wrapped[3] ?? wrapped[4]);
  return {
    text: inside ?? text,
    notation: wrapped || /\\[a-zA-Z]/.test(text) ? 'latex' : 'plain',
    source: 'whole-text',
    end: text.length,
  };
}

/** Delimiters that do not pair up, as in `$221,$8$`: between them stands one answer all the same. */
const isUnbalanced = (text: string): boolean =>
  /^\$.*\$$/.test(text) && !/\\\$|[a-zA-Z]{3}/.test(text) && (text.split('$').length - 1) % 2 === 1;

/** Whether a text has words beyond those of a short answer, or several pieces of mathematics. */
function isProse(text: string): boolean {
  if (/^\\begin\s*\{(?:align|equation|gather)\*?\}/.test(text)) return true;
  if (readClockOrDate(text) || isUnbalanced(text)) return false;
  const bare = text.replace(/\\\$/g, '');
  if (/\$[^$]*\$[^$]*\S/.test(bare) && !/^\$[^$]+\$\.?$/.test(bare)) return true;
  if (/\\\)|\\\]|\\boxed|\n\s*\n/.test(text) && !/^\\[([][\s\S]+\\[)\]]\.?$/.test(text)) return true;
  const words = proseWords(text);
  return words > 3 || (words > 1 && /\d/.test(text)) || /^\s*(?:so|thus|hence|therefore|then)\b/i.test(text);
}

/** How many words of a text are neither mathematics nor units. */
function proseWords(text: string): number {
  const words =
    text
      .replace(/\\(?:text|mathrm|mbox|textbf|operatorname|begin|end)\s*\{[^{}]*\}|\\[a-zA-Z]+/g, ' ')
      .match(/[a-zA-Z]{3,}|\b(?:so|is|we|he|it|of|to|be|as|an|by|my|if|no)\b/gi) ?? [];
  return words.filter(
    (word) =>
      !/^(?:and|or|percent|per)$/i.test(word) &&
      !/^[A-Z]{2,3}$/.test(word) &&
      !FUNCTIONS.has(word) &&
      !findUnit(word),
  ).length;
}

function fromPhrase(
  text: string,
  phrase: string,
  from: number,
  source: Source,
  segments: Segment[],
  kinds: readonly ExtractKind[],
): Candidate[] {
  const found: Candidate[] = [];
  const inside = segments
    .map((segment, index) => ({ segment, index }))
    .filter(({ segment }) => segment.from >= from - 2 && segment.from < from + phrase.length + 2);
  if (inside.length > 0) {
    const run = inside.filter(
      ({ segment }, position) =>
        position === 0 || text.slice(inside[position - 1].segment.to, segment.from).length <= 12,
    );
    const joined = joinedBack(text, segments, run.at(-1)!.index);
    const start = joined.from >= from - 2 ? joined : segments[run.at(-1)!.index];
    found.push({ text: start.content, notation: 'latex', source, end: start.to });
  }
  if (kinds.includes('expr') || kinds.includes('string') || /\\[a-zA-Z]/.test(phrase)) {
    const letter = choiceLetter(phrase.split(/[\s,]/, 1)[0]);
    if (letter && /^\(?[A-J]\b/.test(phrase))
      found.push({ text: letter, notation: 'plain', source, end: from + 1 });
    const numbers = lastNumber(phrase).map(
      (number): Candidate => ({ text: number.text, notation: 'plain', source, end: from + number.end }),
    );
    const stated =
      inside.length > 0 &&
      /\b(?:is|are|equals?|be)\b|=/.test(text.slice(inside.at(-1)!.segment.to, numbers[0]?.end ?? 0));
    if (inside.length === 0) {
      const whole: Candidate = {
        text: phrase,
        notation: /\\[a-zA-Z]/.test(phrase) ? 'latex' : 'plain',
        source,
        end: from + phrase.length,
      };
      found.push(
        ...(proseWords(phrase) > 1 && /\d/.test(phrase) ? [...numbers, whole] : [whole, ...numbers]),
      );
    } else if (stated && numbers[0].end > inside.at(-1)!.segment.to) found.unshift(...numbers);
  }
  return found;
}

/** The last mathematics between delimiters and the last plain number, the later one first. */
function lastOf(text: string, segments: Segment[], kinds: readonly ExtractKind[]): Candidate[] {
  const found: Candidate[] = [];
  for (let index = segments.length - 1; index >= Math.max(0, segments.length - 4); index -= 1) {
    const joined = joinedBack(text, segments, index);
    found.push({ text: joined.content, notation: 'latex', source: 'last-math', end: joined.to });
  }
  const fraction = kinds.includes('latex')
    ? [...text.slice(-2_000).matchAll(/-?\\[dt]?frac\s*(?:\{[^{}]{1,40}\}\s*\{[^{}]{1,40}\}|\d\s?\d)/g)].at(
        -1,
      )
    : undefined;
  if (fraction)
    found.push({
      text: fraction[0],
      notation: 'latex',
      source: 'last-math',
      end: Math.max(0, text.length - 2_000) + fraction.index + fraction[0].length,
    });
  if (kinds.includes('expr')) {
    for (const number of lastNumber(text)) {
      if (segments.some((segment) => number.from > segment.from && number.end <= segment.to)) continue;
      const end = isAside(text, segments.at(-1), number.from) ? segments.at(-1)!.to - 1 : number.end;
      found.push({ text: number.text, notation: 'plain', source: 'last-number', end });
    }
  }
  return found
    .map((candidate, index) => ({ candidate, index }))
    .sort((a, b) => b.candidate.end - a.candidate.end || a.index - b.index)
    .map(({ candidate }) => candidate);
}

/** Whether a number only qualifies the mathematics before it: `the remainder is $2$ when divided by 7`. */
function isAside(text: string, segment: Segment | undefined, from: number): boolean {
  if (!segment || segment.to > from || from - segment.to > 80 || !/\d/.test(segment.content)) return false;
  const between = text.slice(segment.to, from);
  return (
    /\b(?:when|divided|because|since|where|if|modulo|mod|out of|among|after)\b/.test(between) &&
    !/[.!?]\s|\n|[=:]|\b(?:is|are|equals?|so|thus|hence|therefore|get|gives?|be|becomes?)\b/.test(between)
  );
}

/** A choice at the start of the text (`A. Because…`), else the last letter that stands alone. */
function choices(text: string): Candidate[] {
  const start = /^\s*(?:\*\*)?\(?([A-J])\)?(?:\*\*)?(?=[.,:)\s]|$)/.exec(text);
  const alone = [...text.slice(-2_000).matchAll(/(?:^|[\s(*])([A-J])(?=[)*.,:;\s]|$)/g)].at(-1);
  return [start, alone].flatMap((match) =>
    match
      ? [{ text: match[1], notation: 'plain' as const, source: 'choice' as const, end: text.length }]
      : [],
  );
}
