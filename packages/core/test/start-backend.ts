import { BACKEND_NAMES, selectBackend } from '@midtrain/kernels';

/** The embedded default backend, or the one that MIDTRAIN_TEST_BACKEND names. */
export async function startBackend(): Promise<void> {
  const named = process.env.MIDTRAIN_TEST_BACKEND ?? 'wasm';
  const backend = BACKEND_NAMES.find((name) => name === named);
  if (!backend)
    throw new Error(`MIDTRAIN_TEST_BACKEND: '${named}' must be one of ${BACKEND_NAMES.join(', ')}`);
  await selectBackend({ backend });
}
