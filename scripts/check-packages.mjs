// Looks at each package as its users get it: packed, linted, installed alone in an empty folder, imported, run.
// Needs the npm registry for the packages' own dependencies. By itself: node scripts/check-packages.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installAlone, installedPackages } from './packages/install-alone.mjs';
import { packAll } from './packages/pack.mjs';
import { run } from './run.mjs';
import { createTally } from './tally.mjs';
import { publishedPackages, root } from './workspace.mjs';

/** A program that passes or shows its output. */
async function outputUnlessOk(command, args, options) {
  const { ok, output } = await run(command, args, options);
  return ok ? undefined : output;
}

/** Bundles a bare import of the package: with `sideEffects: false` nothing of it may be left. */
async function findUnshakable(name, folder) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: `import '${name}';`, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    minify: true,
    logLevel: 'silent',
  });
  const rest = outputFiles[0].text.trim();
  return rest === ''
    ? undefined
    : `a bundle of a bare import keeps ${rest.length} characters: ${rest.slice(0, 200)}`;
}

/** Packages that came along although neither the manifest nor its dependencies ask for any. */
function findStowaways({ name, manifest }, folder) {
  const asked = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  if (Object.keys(asked).length > 0) return undefined;
  const others = installedPackages(folder).filter((other) => other !== name);
  return others.length === 0 ? undefined : `the install brought ${others.join(', ')}`;
}

async function checkLibrary(tally, library, tarballs, folder) {
  const { probeImports } = await import('./packages/import-probe.mjs');
  const { readmeExamples, runExample } = await import('./packages/readme-example.mjs');
  const { name, directory } = library;
  await tally.check(`${name}: are the types wrong`, () =>
    outputUnlessOk('attw', ['--no-definitely-typed', '--format', 'table', '--no-emoji', tarballs.get(name)]),
  );
  const installs = await tally.check(`${name}: installs alone`, () =>
    installAlone(library, tarballs, folder, { fetchCuda: false }),
  );
  if (!installs) return;
  await tally.check(`${name}: brings nothing it does not need`, () => findStowaways(library, folder));
  await tally.check(`${name}: imports as ESM and CommonJS, without side effects`, () =>
    probeImports(name, folder),
  );
  await tally.check(`${name}: leaves a bundle when unused`, () => findUnshakable(name, folder));
  await tally.check(`${name}: README example`, () => {
    const example = readmeExamples(join(directory, 'README.md')).find(({ code }) =>
      code.includes(`'${name}'`),
    );
    return example
      ? runExample(example, folder)
      : `its README has no ts or js example that imports '${name}'`;
  });
}

/** The command's install holds every package, so the workspace's own README is tried there too. */
async function checkCommand(tally, command, tarballs, folder) {
  const { name, manifest } = command;
  const { readmeExamples, runExample } = await import('./packages/readme-example.mjs');
  const installs = await tally.check(`${name}: installs alone`, () =>
    installAlone(command, tarballs, folder, { fetchCuda: false }),
  );
  if (!installs) return;
  const [bin] = Object.keys(manifest.bin);
  await tally.check(`${name}: ${bin} doctor --json`, async () => {
    const { ok, stdout, output } = await run('npx', ['--no-install', bin, 'doctor', '--json'], {
      cwd: folder,
    });
    if (!ok) return output;
    const { backend, available } = JSON.parse(stdout);
    return backend && available ? undefined : `expected { backend, available }, got ${stdout}`;
  });
  for (const [index, example] of readmeExamples(join(root, 'README.md')).entries())
    await tally.check(`README.md: example ${index + 1}`, () => runExample(example, folder));
}

/** npm removes an optional dependency whose install script fails, without a word: imports must survive it. */
async function checkWithoutCudaHost(tally, kernels, tarballs, folder) {
  const { probeImports } = await import('./packages/import-probe.mjs');
  const { name } = kernels;
  await tally.check(
    `${name}: installs with npm's defaults, where onnxruntime-node may be dropped`,
    async () => {
      const problem = await installAlone(kernels, tarballs, folder, { fetchCuda: true });
      return problem ?? probeImports(name, folder);
    },
  );
  if (!installedPackages(folder).includes('onnxruntime-node'))
    tally.skip(
      `${name}: onnxruntime-node under npm's defaults`,
      'its install script failed here, so npm left it out',
    );
}

/** Runs all package checks, building first, and adds them to the tally. */
export async function checkPackages(tally) {
  const built = await run('turbo', ['run', 'build']);
  if (!built.ok) return tally.fail('packages: build', built.output);
  const packages = publishedPackages();
  const folder = mkdtempSync(join(tmpdir(), 'midtrain-packages-'));
  try {
    const tarballs = await packAll(packages, folder);
    for (const each of packages) {
      const alone = join(folder, 'alone');
      await tally.check(`${each.name}: publint`, () =>
        outputUnlessOk('publint', ['--strict', tarballs.get(each.name)]),
      );
      await (each.isLibrary ? checkLibrary : checkCommand)(tally, each, tarballs, alone);
    }
    const kernels = packages.find(({ name }) => name === '@midtrain/kernels');
    await checkWithoutCudaHost(tally, kernels, tarballs, join(folder, 'alone'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tally = createTally();
  await checkPackages(tally);
  process.exitCode = tally.conclude();
}
