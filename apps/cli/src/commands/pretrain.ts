import type { Command } from 'commander';
import { pretrainConfig } from '../config/pretrain-config.js';
import { pretrainRun } from '../run/pretrain-run.js';
import { addRunCommand } from './run-command.js';

/** `midtrain pretrain`: plain next-token training. */
export function addPretrain(program: Command): void {
  addRunCommand(program, {
    name: 'pretrain',
    description: 'train a model, new or not, on next tokens',
    schema: pretrainConfig,
    run: pretrainRun,
  });
}
