import { describeBackends } from '@midtrain/kernels';
import type { Command } from 'commander';
import pc from 'picocolors';
import { addBackendOptions, addJsonOption, type BackendFlags } from '../options.js';
import { printJson } from '../print-json.js';
import { withBackend } from '../with-backend.js';

/** `midtrain doctor`: what is installed, which backend would run and why. */
export function addDoctor(program: Command): void {
  const command = program.command('doctor').description('what is installed, which backend would run and why');
  addJsonOption(addBackendOptions(command)).action(
    async ({ json, ...flags }: BackendFlags & { readonly json?: boolean }) => {
      const available = (await describeBackends()).map((one) => ({ ...one, version: one.version ?? null }));
      await withBackend(flags, async ({ name, version, reason, threads, devices }) => {
        const machine = { node: process.version, platform: `${process.platform}-${process.arch}` };
        if (json)
          return printJson({ backend: name, reason, available, version, threads, devices, ...machine });
        const mark = (ok: boolean) => (ok ? pc.green('yes') : pc.yellow('no '));
        const rows = available.map(
          ({ name, version, ok, reason }) =>
            `  ${mark(ok)}  ${name.padEnd(11)} ${(version ?? '–').padEnd(9)} ${reason}`,
        );
        process.stdout.write(
          `${pc.bold(name)} ${version} would run, on ${[`${threads} threads`, ...devices].join(', ')}: ${reason}\n\nbackends\n${rows.join('\n')}\n\nnode ${machine.node} on ${machine.platform}\n`,
        );
      });
    },
  );
}
