import { selectBackend } from '@midtrain/kernels';

/** The embedded default backend. */
export async function startWasm(): Promise<void> {
  await selectBackend({ backend: 'wasm' });
}
