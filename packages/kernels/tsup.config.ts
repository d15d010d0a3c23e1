import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  sourcemap: true,
  target: 'node20',
  shims: true,
  // The gradients and chained methods that tfjs-core's main file leaves out are modules only a bundler can load.
  noExternal: [/^@tensorflow\/tfjs-core\/dist\//],
});
