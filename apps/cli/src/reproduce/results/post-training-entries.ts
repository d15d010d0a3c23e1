import { join } from 'node:path';
import { RunFolderError } from '../../cli-error.js';
import type { QuestionEvaluation } from '../../evaluate/answer-questions.js';
import { readOptional } from '../../run/read-optional.js';
import { BASE, type Method } from '../methods.js';
import { type Estimate, hierarchicalBootstrap, type Limits } from '../statistics/hierarchical-bootstrap.js';
import type { FinishedRun } from './finished-run.js';
import { meanOf } from './method-entries.js';
import type { PostTrainingEntry } from './results.js';

/** A post-trained run's answers. */
interface Answered {
  readonly run: FinishedRun;
  readonly before: QuestionEvaluation;
  readonly after: QuestionEvaluation;
}

async function answersOf(run: FinishedRun): Promise<Answered> {
  const read = async (name: string) => {
    const file = join(run.place, name);
    const answers = await readOptional<QuestionEvaluation>(file, JSON.parse);
    if (answers === undefined) throw new RunFolderError(`${file}: not found; run the plan again to go on`);
    return answers;
  };
  return { run, before: await read('before.json'), after: await read('after.json') };
}

/** The mean over seeds of a value of each question. */
const overQuestions = (seeds: readonly (readonly number[])[], stream: string, limits: Limits): Estimate =>
  hierarchicalBootstrap(
    seeds.map((values) => values.map((value, question) => ({ document: question, sum: value, weight: 1 }))),
    stream,
    limits,
  );

const SHARE: Limits = [0, 1];
const CHANGE: Limits = [-1, 1];
const rights = ({ right }: QuestionEvaluation): number[] => Array.from(right, Number);
const less = (first: readonly number[], second: readonly number[]): number[] =>
  first.map((value, i) => value - second[i]);

/** Each method's result before and after post-training, all post-trained the same way. */
export async function postTrainingEntries(
  methods: readonly Method[],
  runsOf: (method: string) => readonly FinishedRun[],
): Promise<PostTrainingEntry[]> {
  const base = await Promise.all(runsOf(BASE).map(answersOf));
  const entries = methods.map(async ({ id, label }): Promise<PostTrainingEntry | undefined> => {
    const seeds = await Promise.all(runsOf(id).map(answersOf));
    if (seeds.length === 0) return undefined;
    const stream = `post-trained ${id}`;
    const pairs = seeds.flatMap((own) => {
      const other = base.find(({ run }) => run.planned.seed === own.run.planned.seed);
      return other && id !== BASE ? [[own, other] as const] : [];
    });
    return {
      method: id,
      label,
      folders: seeds.map(({ run }) => run.folder),
      questions: seeds[0].after.accuracy.n,
      before: overQuestions(
        seeds.map(({ before }) => rights(before)),
        stream,
        SHARE,
      ),
      after: overQuestions(
        seeds.map(({ after }) => rights(after)),
        stream,
        SHARE,
      ),
      gain: overQuestions(
        seeds.map(({ before, after }) => less(rights(after), rights(before))),
        stream,
        CHANGE,
      ),
      overBase:
        pairs.length === 0
          ? null
          : overQuestions(
              pairs.map(([own, other]) => less(rights(own.after), rights(other.after))),
              stream,
              CHANGE,
            ),
      lengthBefore: meanOf(seeds.map(({ before }) => before.meanLength)),
      lengthAfter: meanOf(seeds.map(({ after }) => after.meanLength)),
    };
  });
  return (await Promise.all(entries)).filter((entry) => entry !== undefined);
}
