import { Command } from 'commander';
import { addBench } from './commands/bench.js';
import { addConvert } from './commands/convert.js';
import { addDoctor } from './commands/doctor.js';
import { addEval } from './commands/eval.js';
import { addGenerate } from './commands/generate.js';
import { addMath } from './commands/math.js';
import { addMerge } from './commands/merge.js';
import { addPostTrain } from './commands/post-train.js';
import { addPretrain } from './commands/pretrain.js';
import { addPull } from './commands/pull.js';
import { addQuickstart } from './commands/quickstart.js';
import { addReport } from './commands/report.js';
import { addReproduce } from './commands/reproduce.js';
import { addSchema } from './commands/schema.js';
import { addSetup } from './commands/setup.js';
import { addTrain } from './commands/train.js';
import { cliVersion } from './version.js';

/** The command line with all its commands. Throws instead of ending the process. */
export function makeProgram(): Command {
  const program = new Command('midtrain')
    .description('Reinforcement mid-training: thoughts before tokens, between pre-training and post-training')
    .version(cliVersion())
    .showHelpAfterError('(midtrain help shows the commands)')
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride();
  addQuickstart(program);
  addTrain(program);
  addPretrain(program);
  addPostTrain(program);
  addEval(program);
  addGenerate(program);
  addMath(program);
  addMerge(program);
  addReport(program);
  addReproduce(program);
  addBench(program);
  addPull(program);
  addConvert(program);
  addDoctor(program);
  addSetup(program);
  addSchema(program);
  return program;
}
