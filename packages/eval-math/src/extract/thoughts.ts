const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * What stands behind the thoughts of a text: all of it where it has none, `''` where a thought is never closed or nothing
 * follows it. A text may have the closing mark only, since some templates open the thought in the prompt.
 */
export function behindThoughts(text: string): string {
  const close = text.lastIndexOf(CLOSE);
  const rest = close < 0 ? text : text.slice(close + CLOSE.length);
  return rest.includes(OPEN) ? '' : rest;
}

/** The text with the opening mark that its prompt ended with, so that a thought it never closes shows as open. */
export const withOpening = (text: string, startsInThought: boolean): string =>
  startsInThought ? OPEN + text : text;

/** How often a text opens a thought, and how often it closes one. */
export const countMarks = (text: string): { opened: number; closed: number } => ({
  opened: text.split(OPEN).length - 1,
  closed: text.split(CLOSE).length - 1,
});
