import type { Command } from 'commander';
import { trainConfig } from '../config/train-config.js';
import { trainRun } from '../run/train-run.js';
import { addRunCommand } from './run-command.js';

/** `midtrain train`: reinforcement mid-training. */
export function addTrain(program: Command): void {
  addRunCommand(program, {
    name: 'train',
    description: 'mid-train a model on a corpus by reinforcement',
    schema: trainConfig,
    run: trainRun,
  });
}
