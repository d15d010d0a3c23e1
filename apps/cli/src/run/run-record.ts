import { cpus } from 'node:os';
import { join } from 'node:path';
import { writeJsonFile } from '@midtrain/core';
import type { SelectedBackend } from '@midtrain/kernels';
import { cliVersion } from '../version.js';

/** What a run ran on: `run.json`. */
export interface RunRecord {
  readonly command: string;
  readonly version: string;
  readonly node: string;
  readonly machine: string;
  readonly backend: Pick<SelectedBackend, 'name' | 'version' | 'reason' | 'threads'>;
}

/** Writes what a run runs on, for its report. */
export async function writeRunRecord(
  folder: string,
  command: string,
  backend: SelectedBackend,
): Promise<void> {
  const { name, version, reason, threads } = backend;
  const processors = cpus();
  const record: RunRecord = {
    command,
    version: cliVersion(),
    node: process.version,
    machine: `${process.platform}-${process.arch}, ${processors.length} × ${processors[0]?.model.trim() || 'CPU'}`,
    backend: { name, version, reason, threads },
  };
  await writeJsonFile(join(folder, 'run.json'), record);
}
