import type { Accuracy } from '@midtrain/core';
import type { Command } from 'commander';
import { postTrainConfig } from '../config/post-train-config.js';
import type { RunSummary } from '../run/finish-run.js';
import { postTrainRun } from '../run/post-train-run.js';
import { addRunCommand } from './run-command.js';

const percent = ({ accuracy, low, high }: Accuracy): string =>
  `${(100 * accuracy).toFixed(2)} % [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]`;

function answered({ before, after }: RunSummary): readonly string[] {
  if (!before || !after) return [];
  return [
    `right    ${percent(before.accuracy)} → ${percent(after.accuracy)} of ${after.accuracy.n}`,
    `form     ${percent(before.format)} → ${percent(after.format)}`,
  ];
}

/** `midtrain post-train`: GRPO on maths questions, rewarded by the checker. */
export function addPostTrain(program: Command): void {
  addRunCommand(program, {
    name: 'post-train',
    description: 'train a model on maths questions by reinforcement, rewarded by the checker',
    schema: postTrainConfig,
    run: postTrainRun,
    results: answered,
  });
}
