// Installs, builds, imports and tests the workspace on each supported Node, from a copy of its files.
// The npm package `node` brings the binaries. Usage: node scripts/check-node-versions.mjs [20 22 24]
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './run.mjs';
import { createTally, readConclusion } from './tally.mjs';
import { publishedPackages, root } from './workspace.mjs';

const SUPPORTED = ['20', '22', '24'];

/** Copies what git knows or would add, so that nothing built here leaks into the try. */
async function copyWorkspace(destination) {
  const { ok, stdout, output } = await run('git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ]);
  if (!ok) throw new Error(`git could not list the files to copy: ${output}`);
  for (const file of stdout.split('\0').filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(destination, file)), { recursive: true });
    cpSync(join(root, file), join(destination, file));
  }
}

/** Installs one Node from npm. Returns the folder of its binary. */
async function installNode(version, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'a-node', version: '1.0.0', private: true }),
  );
  const { ok, output } = await run('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], {
    cwd: folder,
  });
  if (!ok) throw new Error(`npm could not install node@${version}:\n${output}`);
  return join(folder, 'node_modules', 'node', 'bin');
}

async function checkVersion(tally, version, folder) {
  const bin = await installNode(version, join(folder, `node-${version}`));
  const env = { ...process.env, CI: '1', PATH: [bin, process.env.PATH].join(delimiter) };
  const node = join(bin, process.platform === 'win32' ? 'node.exe' : 'node');
  const copy = join(folder, 'copy');
  rmSync(copy, { recursive: true, force: true });
  await copyWorkspace(copy);

  const step = (name, args, judge = () => undefined) =>
    tally.check(`Node ${version}: ${name}`, async () => {
      const { ok, output, stdout } = await run(node, args, { cwd: copy, env });
      return ok ? judge(stdout) : output;
    });
  const isRight = await step('is the Node that runs', ['--version'], (stdout) =>
    stdout.startsWith(`v${version}.`) ? undefined : `got ${stdout}`,
  );
  const isInstalled = isRight && (await step('installs', ['scripts/bootstrap.mjs']));
  const isBuilt =
    isInstalled && (await step('builds', ['scripts/turbo.mjs', 'run', 'build', '--output-logs=errors-only']));
  if (!isBuilt) return;

  const entries = publishedPackages()
    .filter(({ isLibrary }) => isLibrary)
    .map(({ directory }) => join(copy, relative(root, directory), 'dist', 'index'));
  const imports = entries.map((entry) => `await import(${JSON.stringify(`${pathToFileURL(entry)}.js`)});`);
  const requires = entries.map((entry) => `require(${JSON.stringify(`${entry}.cjs`)});`);
  await step('imports every package as ESM', ['--input-type=module', '-e', imports.join('\n')]);
  await step('requires every package as CommonJS', ['--input-type=commonjs', '-e', requires.join('\n')]);
  await step('midtrain doctor --json', ['apps/cli/dist/index.js', 'doctor', '--json'], (stdout) =>
    JSON.parse(stdout).backend ? undefined : `no backend in ${stdout}`,
  );
  if (process.version.startsWith(`v${version}.`)) {
    tally.skip(`Node ${version}: tests`, 'it is the Node that npm test runs on');
    return;
  }
  const tests = await run(node, ['scripts/test.mjs', '--only', 'unit'], { cwd: copy, env, stream: true });
  const counted = readConclusion(tests.output);
  if (counted) tally.add(`Node ${version}: tests`, counted);
  else tally.fail(`Node ${version}: tests`, 'they ended without a count; their output is above');
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : SUPPORTED;
const tally = createTally();
const folder = mkdtempSync(join(tmpdir(), 'midtrain-nodes-'));
try {
  for (const version of wanted)
    await checkVersion(tally, version, folder).catch((error) => tally.fail(`Node ${version}`, String(error)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = tally.conclude();
