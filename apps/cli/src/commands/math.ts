import type { Command } from 'commander';
import { gradeFile } from '../evaluate/grade-file.js';
import { addJsonOption } from '../options.js';
import { printJson } from '../print-json.js';

/** `midtrain math`: the checker of maths answers on its own. */
export function addMath(program: Command): void {
  const math = program.command('math').description('the checker of maths answers on its own');
  const command = math
    .command('grade')
    .description('grade pairs of a right answer and a prediction, a line each, in their order')
    .argument(
      '<pairs>',
      'JSONL: {"id", "gold", "prediction", "extract"?, "precision"?, "strict"?, "allowSetRelation"?, "startsInThought"?}',
    )
    .requiredOption('--out <file>', 'JSONL: {"id", "correct", "gold", "prediction", "reason"}');
  addJsonOption(command).action(
    async (pairs: string, { out, json }: { readonly out: string; readonly json?: boolean }) => {
      const counts = await gradeFile(pairs, out);
      if (json) await printJson({ ...counts, out });
      else process.stdout.write(`${counts.correct} of ${counts.graded} correct → ${out}\n`);
    },
  );
}
