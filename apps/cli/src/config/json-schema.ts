import { z } from 'zod';
import { postTrainConfig } from './post-train-config.js';
import { pretrainConfig } from './pretrain-config.js';
import { trainConfig } from './train-config.js';

/** Commands that take a configuration. */
export const CONFIGURED = {
  train: trainConfig,
  pretrain: pretrainConfig,
  'post-train': postTrainConfig,
} as const;

/** A configuration's JSON schema (draft 2020-12), which editors complete and check YAML by. */
export function configJsonSchema(command: keyof typeof CONFIGURED): Record<string, unknown> {
  const schema = z.toJSONSchema(CONFIGURED[command], { io: 'input' });
  return {
    ...schema,
    title: `midtrain ${command}`,
    description: `The configuration of \`midtrain ${command}\`.`,
  };
}
