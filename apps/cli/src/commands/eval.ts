import type { Command } from 'commander';
import { addEvalLm } from './eval-lm.js';
import { addEvalMath } from './eval-math.js';

/** `midtrain eval`: what a model can do. */
export function addEval(program: Command): void {
  const command = program.command('eval').description('what a model can do');
  addEvalLm(command);
  addEvalMath(command);
}
