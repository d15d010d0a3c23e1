import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** A calculation that GSM8K's authors noted beside its result, e.g. `48/2=24` before the 24. */
export interface CalculatorNote {
  /** Index in the text of the character after the note. */
  readonly at: number;
  readonly text: string;
}

/** A problem as it is read: question, new line, worked answer, without the notes. */
export interface WorkedProblem {
  readonly id: string;
  readonly text: string;
  readonly notes: readonly CalculatorNote[];
  /** Index of the first character of the answer. */
  readonly answerStart: number;
}

const NOTE = /<<([^<>]*)>>/g;

/** Takes the calculator notes out of a worked answer and remembers where they stood. */
export function splitNotes(annotated: string): { text: string; notes: CalculatorNote[] } {
  const notes: CalculatorNote[] = [];
  let text = '';
  let end = 0;
  for (const match of annotated.matchAll(NOTE)) {
    text += annotated.slice(end, match.index);
    end = match.index + match[0].length;
    notes.push({ at: text.length, text: match[1] });
  }
  return { text: text + annotated.slice(end), notes };
}

/** GSM8K (openai/grade-school-math, MIT) or OlympiadBench (Apache-2.0). */
export type ShippedProblems = 'gsm8k' | 'olympiadbench';

/** Reads shipped problems of one split as they are written, a JSON object each. */
export async function readProblemLines(
  assets: URL,
  split: 'train' | 'test',
  problems: ShippedProblems,
): Promise<string[]> {
  const packed = await readFile(new URL(`${problems}/${split}.jsonl.gz`, assets));
  return (await promisify(gunzip)(packed)).toString('utf8').trimEnd().split('\n');
}

/** Reads shipped problems of one split. */
export async function readWorkedProblems(
  assets: URL,
  split: 'train' | 'test',
  problems: ShippedProblems = 'gsm8k',
): Promise<WorkedProblem[]> {
  const lines = await readProblemLines(assets, split, problems);
  return lines.map((line, index) => {
    const { question, answer } = JSON.parse(line) as { question: string; answer: string };
    const statement = `${question}\n`;
    const { text, notes } = splitNotes(answer);
    return {
      id: `${problems}-${split}:${index + 1}`,
      text: statement + text,
      notes: notes.map((note) => ({ ...note, at: note.at + statement.length })),
      answerStart: statement.length,
    };
  });
}
