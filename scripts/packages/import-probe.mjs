// Imports a package in a process of its own, as ESM and as CommonJS, and looks for side effects.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.mjs';

const PROBE_LIMIT_SECONDS = 60;

/** What the probe prints: names exported, and what the import left behind in the process. */
const REPORT = `
  const report = (api) => JSON.stringify({
    names: Object.keys(api).filter((name) => name !== 'default' && name !== 'module.exports').sort(),
    globals: Reflect.ownKeys(globalThis).map(String).filter((key) => !before.globals.includes(key)),
    listeners: process.eventNames().map(String).filter((event) => !before.listeners.includes(event)),
    env: Object.keys(process.env).filter((key) => !before.env.includes(key)),
  });
  const before = {
    globals: Reflect.ownKeys(globalThis).map(String),
    listeners: process.eventNames().map(String),
    env: Object.keys(process.env),
  };`;

/** tfjs keeps its engine on the global object, and zod its registry: their own doing, not this workspace's. */
const OF_DEPENDENCIES = /^_tf|^Symbol\(.*tf|^__zod_global/i;

async function probe(folder, file, code) {
  writeFileSync(join(folder, file), code);
  const { ok, stdout, output } = await run(process.execPath, [file], {
    cwd: folder,
    timeoutSeconds: PROBE_LIMIT_SECONDS,
  });
  if (!ok) return { problem: `${file}: ${output}` };
  const lines = stdout.trimEnd().split('\n');
  if (lines.length !== 1)
    return { problem: `${file}: the import itself printed\n${lines.slice(0, -1).join('\n')}` };
  return { report: JSON.parse(lines[0]) };
}

/**
 * Both forms export the same names, at least one, print nothing, end by themselves and leave globals, listeners and
 * the environment as they were.
 *
 * @returns {Promise<string | undefined>} what is wrong
 */
export async function probeImports(name, folder) {
  const esm = await probe(
    folder,
    'probe.mjs',
    `${REPORT}\nconst api = await import('${name}');\nconsole.log(report(api));\n`,
  );
  const cjs = await probe(
    folder,
    'probe.cjs',
    `${REPORT}\nconst api = require('${name}');\nconsole.log(report(api));\n`,
  );
  const problem = esm.problem ?? cjs.problem;
  if (problem) return problem;
  if (esm.report.names.length === 0) return `${name} exports no value`;
  if (String(esm.report.names) !== String(cjs.report.names))
    return `ESM exports ${esm.report.names.join(', ')}; CommonJS exports ${cjs.report.names.join(', ')}`;
  const traces = [esm.report, cjs.report].flatMap(({ globals, listeners, env }) => [
    ...globals.filter((key) => !OF_DEPENDENCIES.test(key)),
    ...listeners,
    ...env,
  ]);
  return traces.length === 0 ? undefined : `the import left behind: ${[...new Set(traces)].join(', ')}`;
}
