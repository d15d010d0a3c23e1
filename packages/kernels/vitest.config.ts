import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    // Only a bundler can load the single modules of tfjs-core, as tsup does for dist.
    deps: {
      optimizer: {
        ssr: {
          enabled: true,
          include: [
            '@tensorflow/tfjs-core/dist/register_all_gradients.js',
            '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js',
          ],
        },
      },
    },
  },
});
