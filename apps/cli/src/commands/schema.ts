import { writeFileAtomic } from '@midtrain/core';
import { Argument, type Command } from 'commander';
import { CONFIGURED, configJsonSchema } from '../config/json-schema.js';

/** `midtrain schema`: the JSON schema of a configuration. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('the JSON schema of a configuration, for editors')
    .addArgument(
      new Argument('[command]', 'whose configuration').choices(Object.keys(CONFIGURED)).default('train'),
    )
    .option('--out <file>', 'write it to a file')
    .action(async (command: keyof typeof CONFIGURED, { out }: { readonly out?: string }) => {
      const text = `${JSON.stringify(configJsonSchema(command), null, 2)}\n`;
      if (out === undefined) process.stdout.write(text);
      else await writeFileAtomic(out, text);
    });
}
