// Everything `npm test` stands for: install, lint, types, unused code, build, tests, package checks.
//   npm test                          all of it
//   npm test -- --only lint,types     some parts: lint, build, types, unused, scripts, unit, packages
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPackages } from './check-packages.mjs';
import { run } from './run.mjs';
import { createTally } from './tally.mjs';
import { runUnitTests } from './unit-tests.mjs';
import { root } from './workspace.mjs';

/** A part that is one program: it passes when the program does, and shows its output when it does not. */
function program(name, command, args) {
  return (tally) =>
    tally.check(name, async () => {
      const { ok, output } = await run(command, args);
      return ok ? undefined : output;
    });
}

const scriptTests = readdirSync(join(root, 'scripts'))
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => join('scripts', name));

const PARTS = {
  lint: program('lint (biome)', 'biome', ['check', '--error-on-warnings', '.']),
  build: program('build (tsup)', 'turbo', ['run', 'build', '--output-logs=errors-only']),
  types: program('types (tsc)', 'turbo', [
    'run',
    'typecheck',
    '--continue=always',
    '--output-logs=errors-only',
  ]),
  unused: program('unused code (knip)', 'knip', ['--no-progress']),
  scripts: program('the scripts themselves (node --test)', process.execPath, ['--test', ...scriptTests]),
  unit: runUnitTests,
  packages: checkPackages,
};

/** Says which parts of the project this machine cannot run, and what would make it. */
function nameMissingParts(tally) {
  const { resolve } = createRequire(join(root, 'packages', 'kernels', 'package.json'));
  const isThere = (name) => resolve.paths(name)?.some((folder) => existsSync(join(folder, name)));
  if (!isThere('@tensorflow/tfjs-node') && !isThere('@tensorflow/tfjs-node-gpu'))
    tally.skip(
      'tensorflow backend',
      'neither @tensorflow/tfjs-node nor @tensorflow/tfjs-node-gpu is installed',
    );
  if (!isThere('webgpu')) tally.skip('webgpu backend', 'the npm package webgpu is not installed');
  tally.skip(
    'other Node versions',
    `only ${process.version} here; node scripts/check-node-versions.mjs runs 20, 22, 24`,
  );
  tally.skip('interop with Python', 'scripts/interop/*.sh install what they need; .ci/run runs them');
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(PARTS);
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0) {
  console.error(`--only ${unknown.join(',')}: no such part; the parts are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

const bootstrap = await run(process.execPath, [join(root, 'scripts', 'bootstrap.mjs')], { stream: true });
if (!bootstrap.ok) process.exit(bootstrap.status ?? 1);

const tally = createTally();
for (const part of Object.keys(PARTS).filter((name) => wanted.includes(name))) {
  const start = performance.now();
  console.log(`\n${part}`);
  await PARTS[part](tally);
  console.log(`  ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
for (const part of Object.keys(PARTS).filter((name) => !wanted.includes(name)))
  tally.skip(part, 'left out by --only');
nameMissingParts(tally);
process.exitCode = tally.conclude();
